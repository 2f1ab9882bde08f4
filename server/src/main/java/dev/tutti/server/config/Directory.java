package dev.tutti.server.config;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * The files of a directory that are read: {@code *.yaml} and {@code *.yml}, also in directories within, but nothing whose
 * name begins with a dot.
 *
 * <p>Whoever reviews the directory has seen all there is: a link is read only if it leads to a file within, as the links
 * of a mounted ConfigMap do. Any other is a fault, so that nothing is passed over in silence.
 */
final class Directory {
    private final Path root;
    private final List<Path> files = new ArrayList<>();
    private final List<Fault> faults;

    private Directory(Path root, List<Fault> faults) {
        this.root = root;
        this.faults = faults;
    }

    /** Sorted by name. The directory itself may be named by a link. */
    static List<Path> files(Path named, List<Fault> faults) throws IOException {
        if (!Files.isDirectory(named)) {
            throw new Options.Wrong(named + " is not a directory");
        }
        Path root = Files.isSymbolicLink(named) ? named.toRealPath() : named;
        Directory directory = new Directory(root.toRealPath(), faults);
        Files.walkFileTree(root, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path at, BasicFileAttributes attributes) {
                return !at.equals(root) && isHidden(at) ? FileVisitResult.SKIP_SUBTREE : FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                if (!isHidden(file)) {
                    directory.look(file, attributes);
                }
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException e) {
                faults.add(new Fault(file.toString(), 0, "", "it cannot be read"));
                return FileVisitResult.CONTINUE;
            }
        });
        return directory.files.stream().sorted().toList();
    }

    private static boolean isHidden(Path path) {
        return path.getFileName().toString().startsWith(".");
    }

    private void look(Path file, BasicFileAttributes attributes) {
        String name = file.getFileName().toString().toLowerCase(Locale.ROOT);
        boolean yaml = name.endsWith(".yaml") || name.endsWith(".yml");
        if (attributes.isSymbolicLink()) {
            look(file, yaml);
        } else if (yaml && !attributes.isRegularFile()) {
            faults.add(new Fault(file.toString(), 0, "", "it is not a file that can be read"));
        } else if (yaml) {
            files.add(file);
        }
    }

    private void look(Path link, boolean yaml) {
        Path target;
        try {
            target = link.toRealPath();
        } catch (IOException e) {
            if (yaml) {
                faults.add(new Fault(link.toString(), 0, "", "it is a link to nothing"));
            }
            return;
        }
        if (Files.isDirectory(target)) {
            faults.add(
                    new Fault(link.toString(), 0, "", "it is a link to a directory; only links to files are followed"));
        } else if (yaml && !target.startsWith(root)) {
            faults.add(new Fault(link.toString(), 0, "", "it is a link that leads out of the directory"));
        } else if (yaml && Files.isRegularFile(target)) {
            files.add(link);
        } else if (yaml) {
            faults.add(new Fault(link.toString(), 0, "", "it is a link to what is not a file"));
        }
    }
}
