package io.billingsdk.internal.journal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The map in the package's comment names all classes, so that a reader finds each in its place. */
final class PackageMapTest {
  private static final Path PACKAGE = Path.of("src/main/java/io/billingsdk/internal/journal");

  @Test
  void packageInfo_everyClass_isNamed() throws IOException {
    String map = Files.readString(PACKAGE.resolve("package-info.java"));
    try (Stream<Path> files = Files.list(PACKAGE)) {
      List<String> missing =
          files
              .map(file -> file.getFileName().toString().replace(".java", ""))
              .filter(name -> !name.equals("package-info"))
              .filter(name -> !Pattern.compile("\\b" + name + "\\b").matcher(map).find())
              .toList();
      assertThat(missing).isEmpty();
    }
  }
}
