package io.billingsdk.artifacts;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;
import javassist.bytecode.AccessFlag;
import javassist.bytecode.ClassFile;
import javassist.bytecode.CodeAttribute;
import javassist.bytecode.MethodInfo;

/** The API of compiled classes as a jar: types and members that others see, and no code. */
final class ApiJar {
  /** The date of each entry, so that the same API is the same bytes. */
  private static final LocalDateTime DATE = LocalDateTime.of(2026, 11, 20, 0, 0);

  private ApiJar() {}

  /** Writes the API of the classes below a directory; how many types it has. */
  static int write(Path classes, Path jar) throws IOException {
    Map<String, byte[]> entries = new TreeMap<>();
    try (Stream<Path> files = Files.walk(classes)) {
      for (Path file : files.filter(each -> each.toString().endsWith(".class")).toList()) {
        String name = classes.relativize(file).toString().replace('\\', '/');
        if (!name.contains("/internal/") && !name.endsWith("-info.class")) {
          ClassFile api = apiOf(Files.readAllBytes(file));
          if (isSeen(flags(api))) {
            entries.put(name, bytes(api));
          }
        }
      }
    }
    Files.createDirectories(jar.resolve("..").normalize());
    try (OutputStream file = Files.newOutputStream(jar);
        JarOutputStream out = new JarOutputStream(file)) {
      for (Map.Entry<String, byte[]> entry : entries.entrySet()) {
        JarEntry next = new JarEntry(entry.getKey());
        next.setTimeLocal(DATE);
        out.putNextEntry(next);
        out.write(entry.getValue());
      }
    }
    return entries.size();
  }

  private static ClassFile apiOf(byte[] classFile) throws IOException {
    ClassFile api = new ClassFile(new DataInputStream(new ByteArrayInputStream(classFile)));
    api.getMethods().removeIf(each -> !isSeen(each.getAccessFlags()));
    api.getFields().removeIf(each -> !isSeen(each.getAccessFlags()));
    for (MethodInfo method : List.copyOf(api.getMethods())) {
      method.removeAttribute(CodeAttribute.tag);
    }
    api.compact();
    return api;
  }

  /** A nested type has its modifiers in the attribute of nested types. */
  private static int flags(ClassFile api) {
    int inner = api.getInnerAccessFlags();
    return inner == -1 ? api.getAccessFlags() : inner;
  }

  private static boolean isSeen(int flags) {
    return AccessFlag.isPublic(flags) || AccessFlag.isProtected(flags);
  }

  private static byte[] bytes(ClassFile api) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    api.write(new DataOutputStream(bytes));
    return bytes.toByteArray();
  }
}
