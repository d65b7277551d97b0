package io.billingsdk.examples.snippets;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** What the README shows is what was compiled. */
class ReadmeSnippetsTest {
  private static final Path MODULE = Path.of(System.getProperty("basedir", "."));
  private static final Path SOURCES =
      MODULE.resolve("src/main/java/io/billingsdk/examples/snippets");

  @Test
  void readme_markedJavaBlocks_equalTheirRegions() throws IOException {
    Path readme = MODULE.resolve("../README.md");
    String markdown = Files.exists(readme) ? Files.readString(readme) : "";
    assertThat(SnippetChecker.check(markdown, SOURCES).problems()).isEmpty();
  }
}
