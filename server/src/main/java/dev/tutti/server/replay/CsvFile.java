package dev.tutti.server.replay;

import java.io.BufferedInputStream;
import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CodingErrorAction;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;
import org.jspecify.annotations.Nullable;

/** A file of comma-separated values, plain or gzip: read row by row, refused with the row where it cannot go on. */
final class CsvFile implements AutoCloseable {
    /** Well beyond any number in a history, and far from costing memory. */
    private static final int LONGEST_NUMBER = 40;

    private static final int LONGEST_FIELD = 10_000;

    private final Path path;
    private final Mapping.Csv format;
    private final CSVParser parser;
    private final Iterator<CSVRecord> records;
    private final Map<String, Integer> columns = new HashMap<>();
    private final int width;
    private long rows;

    /** One row; {@code fits} says whether it has as many fields as there are columns. */
    record Row(CSVRecord fields, Map<String, Integer> columns, long line, boolean fits, Mapping.Csv format) {
        String text(String column) {
            Integer at = columns.get(column);
            if (at == null) {
                throw new IllegalArgumentException("the mapping was not checked: there is no column " + column);
            }
            return at < fields.size() ? fields.get(at).strip() : "";
        }

        /** A number as this file writes it; null if the text is none. */
        @Nullable
        BigDecimal number(@Nullable String text) {
            if (text == null) {
                return null;
            }
            Character thousands = format.thousands();
            String plain = thousands == null ? text : ungrouped(text, thousands, format.decimal());
            if (plain == null) {
                return null;
            }
            if (format.decimal() != '.') {
                if (plain.indexOf('.') >= 0) {
                    return null;
                }
                plain = plain.replace(format.decimal(), '.');
            }
            return CsvFile.number(plain);
        }
    }

    /** Without the separators between groups; null if they are not of three digits, or in the fraction. */
    private static @Nullable String ungrouped(String text, char thousands, char decimal) {
        int fraction = text.indexOf(decimal);
        String whole = fraction < 0 ? text : text.substring(0, fraction);
        if (text.indexOf(thousands, whole.length()) >= 0) {
            return null;
        }
        String separator = Pattern.quote(String.valueOf(thousands));
        boolean grouped = whole.indexOf(thousands) >= 0;
        return grouped && !whole.matches("[-+]?[0-9]{1,3}(" + separator + "[0-9]{3})+")
                ? null
                : text.replace(String.valueOf(thousands), "");
    }

    private CsvFile(Path path, Mapping.Csv format, CSVParser parser) {
        this.path = path;
        this.format = format;
        this.parser = parser;
        this.records = parser.iterator();
        List<String> header = format.columns();
        if (header.isEmpty()) {
            CSVRecord first = nextRecord();
            if (first == null) {
                throw new NotUsable(path + ": the file is empty; its first row must name the columns");
            }
            header = first.toList().stream()
                    .map(name -> name.strip().replace("\uFEFF", ""))
                    .toList();
        }
        for (String name : header) {
            if (columns.put(name, columns.size()) != null) {
                throw new NotUsable(path + ", row 1: there are two columns named " + name);
            }
        }
        this.width = columns.size();
    }

    /** @throws NotUsable if it is not there, or not what the mapping says it is */
    static CsvFile open(Path path, Mapping.Csv format) {
        if (!Files.isRegularFile(path)) {
            throw new NotUsable(path + ": there is no such file");
        }
        try {
            CharsetDecoder decoder = format.encoding()
                    .newDecoder()
                    .onMalformedInput(CodingErrorAction.REPORT)
                    .onUnmappableCharacter(CodingErrorAction.REPORT);
            BufferedReader reader = new BufferedReader(new InputStreamReader(unpacked(path), decoder), 1 << 16);
            CSVFormat csv = CSVFormat.Builder.create()
                    .setDelimiter(format.delimiter())
                    .setQuote(format.quote())
                    .setIgnoreEmptyLines(true)
                    .get();
            return new CsvFile(
                    path,
                    format,
                    CSVParser.builder().setReader(reader).setFormat(csv).get());
        } catch (IOException e) {
            throw new NotUsable(path + ": it cannot be read: " + e.getMessage());
        }
    }

    private static InputStream unpacked(Path path) throws IOException {
        BufferedInputStream in = new BufferedInputStream(Files.newInputStream(path), 1 << 16);
        in.mark(2);
        boolean gzip = in.read() == 0x1f && in.read() == 0x8b;
        in.reset();
        return gzip ? new GZIPInputStream(in, 1 << 16) : in;
    }

    /** @throws NotUsable if one of these is not a column */
    void mustHave(Iterable<String> wanted) {
        for (String name : wanted) {
            if (!columns.containsKey(name)) {
                throw new NotUsable(path + ", row 1: there is no column " + name + "; there are "
                        + String.join(", ", columns.keySet().stream().sorted().toList()));
            }
        }
    }

    /** The next row, or null at the end. Rows are counted from 1, without the header. */
    @Nullable
    Row next() {
        CSVRecord fields = nextRecord();
        if (fields == null) {
            return null;
        }
        rows++;
        boolean fits = fields.size() == width;
        for (int i = 0; fits && i < fields.size(); i++) {
            fits = fields.get(i).length() <= LONGEST_FIELD;
        }
        return new Row(fields, columns, rows, fits, format);
    }

    private @Nullable CSVRecord nextRecord() {
        try {
            return records.hasNext() ? records.next() : null;
        } catch (UncheckedIOException e) {
            throw broken(e.getCause() == null ? new IOException(e.getMessage()) : e.getCause());
        } catch (IllegalStateException e) {
            // The parser wraps what it finds while it looks for the next row.
            throw broken(e.getCause() instanceof IOException cause ? cause : new IOException(e.getMessage()));
        }
    }

    private NotUsable broken(IOException e) {
        String where = path + (e instanceof CharacterCodingException ? lineOfBadText() : ", after row " + rows) + ": ";
        return new NotUsable(where
                + switch (e) {
                    case CharacterCodingException encoding ->
                        damagedOr("this is not " + format.encoding()
                                + "; say which it is in the mapping, under csv: encoding");
                    case ZipException zip -> "the gzip file is damaged (" + zip.getMessage() + ")";
                    case EOFException eof -> "the gzip file ends in the middle";
                    default -> reason(String.valueOf(e.getMessage()));
                });
    }

    /** Text is decoded ahead of the rows, so its place is looked for anew: ends of lines are the same in all encodings here. */
    private String lineOfBadText() {
        try (InputStream in = unpacked(path)) {
            ByteArrayOutputStream line = new ByteArrayOutputStream();
            int number = 1;
            for (int b = in.read(); b >= 0; b = in.read()) {
                line.write(b);
                if (b == '\n') {
                    if (!isText(line.toByteArray())) {
                        break;
                    }
                    line.reset();
                    number++;
                }
            }
            return ", line " + number;
        } catch (IOException e) {
            return ", after row " + rows;
        }
    }

    private boolean isText(byte[] line) {
        try {
            format.encoding().newDecoder().decode(ByteBuffer.wrap(line));
            return true;
        } catch (CharacterCodingException e) {
            return false;
        }
    }

    /** What a damaged gzip file unpacks to is no text either, and its end says so. */
    private String damagedOr(String reason) {
        try (InputStream in = unpacked(path)) {
            in.transferTo(OutputStream.nullOutputStream());
            return reason;
        } catch (IOException e) {
            return "the gzip file is damaged (" + e.getMessage() + ")";
        }
    }

    private static String reason(String message) {
        return message.contains("EOF reached before encapsulated token finished")
                ? "a quote is opened that never closes"
                : "this is not a row of the file's format (" + message + ")";
    }

    /** Null if the text is no number. */
    static @Nullable BigDecimal number(String text) {
        if (text.isEmpty() || text.length() > LONGEST_NUMBER) {
            return null;
        }
        try {
            BigDecimal number = new BigDecimal(text);
            // 1e999999999 is short, and endless once it is written out.
            return Math.abs(number.scale()) > LONGEST_NUMBER ? null : number;
        } catch (NumberFormatException e) {
            return null;
        }
    }

    @Override
    public void close() {
        try {
            parser.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
