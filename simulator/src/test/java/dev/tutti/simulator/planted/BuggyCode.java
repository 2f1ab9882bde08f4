package dev.tutti.simulator.planted;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.tools.ForwardingJavaFileManager;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileManager;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/**
 * The core and the simulator with some of the core's sources edited and compiled anew, in a class loader of their own:
 * real bugs in the real code, which itself knows nothing of them.
 */
final class BuggyCode extends ClassLoader {
    private static final Path SOURCES = Path.of("..", "core", "src", "main", "java", "dev", "tutti");

    private final Map<String, ByteArrayOutputStream> compiled;

    private BuggyCode(Map<String, ByteArrayOutputStream> compiled) {
        super(BuggyCode.class.getClassLoader());
        this.compiled = compiled;
    }

    static BuggyCode with(List<Edit> edits) throws IOException {
        Map<String, String> sources = new HashMap<>();
        for (Edit edit : edits) {
            String source = sources.get(edit.file());
            sources.put(edit.file(), edit.of(source == null ? Files.readString(SOURCES.resolve(edit.file())) : source));
        }
        return new BuggyCode(compile(sources));
    }

    /** What went wrong in a world, or null. */
    String violation(long seed, int steps) throws ReflectiveOperationException {
        return (String) loadClass("dev.tutti.simulator.Simulate")
                .getMethod("violation", long.class, int.class)
                .invoke(null, seed, steps);
    }

    private static Map<String, ByteArrayOutputStream> compile(Map<String, String> sources) throws IOException {
        List<JavaFileObject> units = new ArrayList<>();
        sources.forEach((file, source) -> units.add(
                new SimpleJavaFileObject(URI.create("string:///dev/tutti/" + file), JavaFileObject.Kind.SOURCE) {
                    @Override
                    public CharSequence getCharContent(boolean ignoreEncodingErrors) {
                        return source;
                    }
                }));
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        Map<String, ByteArrayOutputStream> classes = new HashMap<>();
        StringWriter errors = new StringWriter();
        try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null)) {
            List<String> options = List.of("-proc:none", "-nowarn", "-cp", System.getProperty("java.class.path"));
            if (!compiler.getTask(errors, new InMemory(files, classes), null, options, null, units)
                    .call()) {
                throw new AssertionError("the bug does not compile: " + errors);
            }
        }
        return classes;
    }

    private static final class InMemory extends ForwardingJavaFileManager<StandardJavaFileManager> {
        private final Map<String, ByteArrayOutputStream> classes;

        InMemory(StandardJavaFileManager files, Map<String, ByteArrayOutputStream> classes) {
            super(files);
            this.classes = classes;
        }

        @Override
        public JavaFileObject getJavaFileForOutput(
                JavaFileManager.Location location, String name, JavaFileObject.Kind kind, javax.tools.FileObject near) {
            return new SimpleJavaFileObject(URI.create("mem:///" + name), kind) {
                @Override
                public OutputStream openOutputStream() {
                    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
                    classes.put(name, bytes);
                    return bytes;
                }
            };
        }
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
        if (!name.startsWith("dev.tutti.")) {
            return super.loadClass(name, resolve);
        }
        synchronized (getClassLoadingLock(name)) {
            Class<?> known = findLoadedClass(name);
            return known != null ? known : define(name);
        }
    }

    private Class<?> define(String name) throws ClassNotFoundException {
        ByteArrayOutputStream edited = compiled.get(name);
        byte[] bytes = edited != null ? edited.toByteArray() : asBuilt(name);
        return defineClass(name, bytes, 0, bytes.length);
    }

    private byte[] asBuilt(String name) throws ClassNotFoundException {
        try (InputStream in = getParent().getResourceAsStream(name.replace('.', '/') + ".class")) {
            if (in == null) {
                throw new ClassNotFoundException(name);
            }
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
