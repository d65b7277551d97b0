package io.billingsdk.server;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Which packages of the server and its commands write to each table, by all SQL of main sources:
 * texts in Java, and migrations since the tables have owners. A migration belongs to the package
 * that its name begins with: {@code V202611291930__ledger_cut.sql}.
 */
final class TableWriters {
  private static final Pattern PACKAGE =
      Pattern.compile("src/main/(?:java|resources)/io/billingsdk/(server/[a-z]+|cli)/");

  private static final Pattern MIGRATION = Pattern.compile("V(\\d+)__([a-z]+)_?[a-z_]*\\.sql");

  /** Those before have a number that counts, and belong to nobody. */
  private static final int DIGITS_OF_A_TIME = 12;

  private final Map<String, Set<String>> writers = new TreeMap<>();

  private TableWriters() {}

  /** Of all modules under a directory: each table with its writers. */
  static Map<String, Set<String>> under(Path root) throws IOException {
    TableWriters found = new TableWriters();
    var unused =
        Files.walkFileTree(
            root,
            new SimpleFileVisitor<>() {
              @Override
              public FileVisitResult preVisitDirectory(Path each, BasicFileAttributes any) {
                String name = String.valueOf(each.getFileName());
                // What is built has thousands of files, and copies of the sources.
                return !each.equals(root) && (name.equals("target") || name.startsWith("."))
                    ? FileVisitResult.SKIP_SUBTREE
                    : FileVisitResult.CONTINUE;
              }

              @Override
              public FileVisitResult visitFile(Path each, BasicFileAttributes any)
                  throws IOException {
                found.add(root.relativize(each).toString().replace('\\', '/'), each);
                return FileVisitResult.CONTINUE;
              }
            });
    return found.writers;
  }

  private void add(String name, Path file) throws IOException {
    Matcher in = PACKAGE.matcher(name);
    if (!in.find()) {
      return;
    }
    if (name.endsWith(".java")) {
      for (String text : SqlTexts.of(Files.readString(file, UTF_8))) {
        add(in.group(1).replace("server/", ""), text);
      }
    }
    Matcher migration = MIGRATION.matcher(String.valueOf(file.getFileName()));
    if (migration.matches() && migration.group(1).length() >= DIGITS_OF_A_TIME) {
      add(migration.group(2), Files.readString(file, UTF_8));
    }
  }

  private void add(String writer, String sql) {
    for (String table : SqlWrites.of(sql)) {
      writers.computeIfAbsent(table, any -> new TreeSet<>()).add(writer);
    }
  }
}
