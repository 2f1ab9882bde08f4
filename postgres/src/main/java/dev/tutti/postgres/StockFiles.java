package dev.tutti.postgres;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** Which files about stock have come, from whom, and which have not. */
public final class StockFiles {
    private static final int NEWEST_FILES = 20;
    private static final int MOST_MISSING = 100;

    private final DataSource database;

    StockFiles(DataSource database) {
        this.database = database;
    }

    /**
     * One that has come.
     *
     * @param lines how many were read
     * @param taken of these, now or before
     * @param overtaken of those that were taken now: told too late to change anything
     * @param whole whether it came to its end
     */
    public record File(
            long sequence,
            String kind,
            @Nullable Instant asOf,
            Instant receivedAt,
            long lines,
            long taken,
            long overtaken,
            boolean whole) {}

    /**
     * Somebody who sends files.
     *
     * @param newest the greatest number that has come
     * @param missing numbers below it that have not come, or not whole; the first ones
     * @param files the newest first, some
     */
    public record Source(String source, long newest, Instant receivedAt, List<Long> missing, List<File> files) {}

    public void received(
            StockFile file,
            String kind,
            long lines,
            long taken,
            long overtaken,
            boolean whole,
            Instant begun,
            Instant ended) {
        try (Connection connection = database.getConnection();
                PreparedStatement insert = connection.prepareStatement("""
                        insert into stock_file (source, sequence, kind, as_of, begun_at, ended_at, lines, taken,
                                                overtaken, whole)
                        values (?, ?, ?::stock_document_kind, ?, ?, ?, ?, ?, ?, ?)
                        on conflict (source, sequence) do update
                        set ended_at = excluded.ended_at, lines = greatest(stock_file.lines, excluded.lines),
                            taken = greatest(stock_file.taken, excluded.taken),
                            overtaken = stock_file.overtaken + excluded.overtaken,
                            whole = stock_file.whole or excluded.whole
                        """)) {
            insert.setString(1, file.source());
            insert.setLong(2, file.sequence());
            insert.setString(3, kind);
            insert.setObject(4, file.asOf() == null ? null : file.asOf().atOffset(ZoneOffset.UTC));
            insert.setObject(5, begun.atOffset(ZoneOffset.UTC));
            insert.setObject(6, ended.atOffset(ZoneOffset.UTC));
            insert.setLong(7, lines);
            insert.setLong(8, taken);
            insert.setLong(9, overtaken);
            insert.setBoolean(10, whole);
            insert.executeUpdate();
        } catch (SQLException e) {
            throw Failures.of(e);
        }
    }

    /** @param only one of them; null for all */
    public List<Source> sources(@Nullable String only) {
        List<Source> sources = new ArrayList<>();
        try (Connection connection = database.getConnection();
                PreparedStatement select = connection.prepareStatement("""
                        select source, max(sequence), max(ended_at)
                        from stock_file
                        where ? or source = ?
                        group by source
                        order by source
                        """)) {
            select.setBoolean(1, only == null);
            select.setString(2, only == null ? "" : only);
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    String source = row.getString(1);
                    sources.add(new Source(
                            source,
                            row.getLong(2),
                            row.getObject(3, OffsetDateTime.class).toInstant(),
                            missing(connection, source),
                            files(connection, source)));
                }
            }
            return sources;
        } catch (SQLException e) {
            throw Failures.of(e);
        }
    }

    /** Between the first and the newest that came. */
    private static List<Long> missing(Connection connection, String source) throws SQLException {
        List<Long> missing = new ArrayList<>();
        try (PreparedStatement select = connection.prepareStatement("""
                select number
                from (
                    select sequence as number from stock_file where source = ? and not whole
                    union all
                    select gap.number
                    from (
                        select sequence, lead(sequence) over (order by sequence) as next
                        from stock_file
                        where source = ?
                    ) at
                    cross join lateral generate_series(at.sequence + 1, least(at.next - 1, at.sequence + ?)) as gap (number)
                    where at.next is not null
                ) lacking
                order by number
                limit ?
                """)) {
            select.setString(1, source);
            select.setString(2, source);
            select.setInt(3, MOST_MISSING);
            select.setInt(4, MOST_MISSING);
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    missing.add(row.getLong(1));
                }
            }
        }
        return missing;
    }

    private static List<File> files(Connection connection, String source) throws SQLException {
        List<File> files = new ArrayList<>();
        try (PreparedStatement select = connection.prepareStatement("""
                select sequence, kind, as_of, ended_at, lines, taken, overtaken, whole
                from stock_file
                where source = ?
                order by sequence desc
                limit ?
                """)) {
            select.setString(1, source);
            select.setInt(2, NEWEST_FILES);
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    OffsetDateTime asOf = row.getObject(3, OffsetDateTime.class);
                    files.add(new File(
                            row.getLong(1),
                            row.getString(2),
                            asOf == null ? null : asOf.toInstant(),
                            row.getObject(4, OffsetDateTime.class).toInstant(),
                            row.getLong(5),
                            row.getLong(6),
                            row.getLong(7),
                            row.getBoolean(8)));
                }
            }
        }
        return files;
    }
}
