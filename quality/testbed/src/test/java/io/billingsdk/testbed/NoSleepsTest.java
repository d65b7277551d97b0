package io.billingsdk.testbed;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * No test sleeps: it waits by {@link Await} or Awaitility for what it waits for, and {@link Pace}
 * is the one place in which time passes that belongs to the test.
 */
class NoSleepsTest {
  private static final Pattern SLEEP =
      Pattern.compile("\\.(sleep\\w*|parkNanos|parkUntil|onSpinWait)\\(");

  private static List<String> sleeps(String name, String source) {
    List<String> found = new ArrayList<>();
    int number = 0;
    for (String line : source.lines().toList()) {
      number++;
      if (SLEEP.matcher(line).find()) {
        found.add(name + ":" + number + ": " + line.strip());
      }
    }
    return found;
  }

  /** The directory of all modules. */
  private static Path root() {
    Path directory = Path.of("").toAbsolutePath();
    while (!Files.exists(directory.resolve("mvnw"))) {
      directory = Objects.requireNonNull(directory.getParent());
    }
    return directory;
  }

  private static boolean isOfTests(Path file) {
    String name = file.toString().replace('\\', '/');
    return name.matches(".*\\.(java|kt)")
        && (name.contains("/src/test/") || name.contains("-testbed/") || name.contains("/testbed/"))
        && !name.endsWith("/testbed/Pace.java");
  }

  /** Those of the tests; what a build makes is not looked through. */
  private static List<Path> files(Path root) throws IOException {
    List<Path> files = new ArrayList<>();
    Files.walkFileTree(
        root,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes unused) {
            return directory.endsWith("target") || directory.endsWith(".git")
                ? FileVisitResult.SKIP_SUBTREE
                : FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes unused) {
            if (isOfTests(file)) {
              files.add(file);
            }
            return FileVisitResult.CONTINUE;
          }
        });
    return files;
  }

  @Test
  void tests_ofAllModules_doNotSleep() throws IOException {
    List<String> found = new ArrayList<>();
    int files = 0;
    for (Path file : files(root())) {
      files++;
      found.addAll(sleeps(file.toString(), Files.readString(file)));
    }
    assertThat(found).isEmpty();
    assertThat(files).as("files of tests").isGreaterThan(300);
  }

  /** They stand here in two parts, or this class would be found itself. */
  @ParameterizedTest
  @CsvSource({
    "Thread,sleep",
    "TimeUnit.SECONDS,sleep",
    "LockSupport,parkNanos",
    "LockSupport,parkUntil",
    "Thread,onSpinWait",
    "Uninterruptibles,sleepUninterruptibly"
  })
  void sleep_ofEachKind_isFound(String type, String method) {
    String source = "first\n  " + type + "." + method + "(1);\n";
    assertThat(sleeps("X", source)).containsExactly("X:2: " + type + "." + method + "(1);");
  }

  @Test
  void wordsOnSleep_areNone() {
    assertThat(sleeps("X", "// nobody may sleep(1) here, nor use Thread.sleep")).isEmpty();
  }
}
