package dev.tutti.postgres.embedded;

import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;

/** Unpacks a tar stream with its symbolic links and executable bits, leaving out what is only for compiling. */
final class Archive {
    private static final int EXECUTABLE = 0111;

    private Archive() {}

    static void unpack(InputStream tar, Path target) throws IOException {
        allow(target, true); // a temporary directory is private, but the server may run as another account
        try (var entries = new TarArchiveInputStream(tar)) {
            for (TarArchiveEntry entry = entries.getNextEntry(); entry != null; entry = entries.getNextEntry()) {
                Path path = target.resolve(entry.getName()).normalize();
                if (!path.startsWith(target)) {
                    throw new IOException("entry outside of the archive: " + entry.getName());
                }
                if (!path.equals(target) && isNeeded(entry.getName())) {
                    unpack(entries, entry, target, path);
                }
            }
        }
    }

    private static void unpack(TarArchiveInputStream tar, TarArchiveEntry entry, Path target, Path path)
            throws IOException {
        if (entry.isDirectory()) {
            makeDirectories(target, path);
            return;
        }
        makeDirectories(target, path.resolveSibling("."));
        if (entry.isSymbolicLink()) {
            Files.createSymbolicLink(path, Path.of(entry.getLinkName()));
            return;
        }
        try (var file = FileChannel.open(path, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            tar.transferTo(Channels.newOutputStream(file));
            file.force(false); // else a power cut might leave the right name with empty files, for good
        }
        allow(path, (entry.getMode() & EXECUTABLE) != 0);
    }

    private static void makeDirectories(Path target, Path directory) throws IOException {
        Path each = target;
        for (Path name : target.relativize(directory.normalize())) {
            each = each.resolve(name);
            if (!Files.isDirectory(each)) {
                Files.createDirectory(each);
                allow(each, true); // whatever the umask says
            }
        }
    }

    private static boolean isNeeded(String name) {
        return !name.endsWith(".a") && !name.contains("/pgxs/") && !name.contains("/pkgconfig/");
    }

    private static void allow(Path path, boolean execute) throws IOException {
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(execute ? "rwxr-xr-x" : "rw-r--r--"));
    }
}
