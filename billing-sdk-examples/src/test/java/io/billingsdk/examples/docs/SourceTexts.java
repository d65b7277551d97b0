package io.billingsdk.examples.docs;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** The texts of the repository that name pages, properties, profiles and tests. For one thread. */
final class SourceTexts {
  private final Map<String, String> texts = new TreeMap<>();
  private final Map<String, Boolean> named = new HashMap<>();

  private SourceTexts() {}

  /** Reads Java sources, POMs, scripts and units below a root, but for what a build makes. */
  static SourceTexts below(Path root) throws IOException {
    SourceTexts read = new SourceTexts();
    Files.walkFileTree(
        root,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes) {
            String name = String.valueOf(directory.getFileName());
            boolean skip = name.equals("target") || name.equals(".git") || name.equals("docs");
            return skip && !directory.equals(root) && !directory.toString().contains("/java/")
                ? FileVisitResult.SKIP_SUBTREE
                : FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            String name = root.relativize(file).toString();
            if (name.matches(
                ".*\\.(java|xml|proto|service|sh|html|properties|yaml)|.*scripts/.*|\\.ci/.*")) {
              read.texts.put(name, text(file));
            }
            return FileVisitResult.CONTINUE;
          }
        });
    return read;
  }

  private static String text(Path file) {
    try {
      return new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Each file with its text, by its path from the root. */
  Map<String, String> all() {
    return texts;
  }

  boolean hasProfile(String id) {
    return poms("<id>" + id + "</id>");
  }

  boolean hasArtifact(String id) {
    return poms("<artifactId>" + id + "</artifactId>");
  }

  boolean hasClass(String simpleName) {
    String end = "/" + simpleName.replace("*", "") + ".java";
    return texts.keySet().stream().anyMatch(each -> each.endsWith(end));
  }

  /** Whether a property has a reader: a source that names it, or a POM that passes it on. */
  boolean names(String property) {
    return named.computeIfAbsent(property, this::search);
  }

  private boolean search(String property) {
    Pattern name = Pattern.compile("[\"<{>]" + Pattern.quote(property) + "[\"<}>]");
    return texts.entrySet().stream()
        .filter(each -> !each.getKey().contains("examples/docs/"))
        .anyMatch(
            each -> each.getValue().contains(property) && name.matcher(each.getValue()).find());
  }

  private boolean poms(String text) {
    return texts.entrySet().stream()
        .filter(each -> each.getKey().endsWith("pom.xml"))
        .anyMatch(each -> each.getValue().contains(text));
  }
}
