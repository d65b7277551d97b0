package io.billingsdk.examples.snippets;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** What the README shows is what was compiled. */
class ReadmeSnippetsTest {
  private static final Path MODULE = Path.of(System.getProperty("basedir", "."));
  private static final Path SNIPPETS = Path.of("java/io/billingsdk/examples/snippets");
  private static final Path SOURCES = MODULE.resolve("src/main").resolve(SNIPPETS);
  private static final Path TESTS = MODULE.resolve("src/test").resolve(SNIPPETS);

  @Test
  void readme_markedJavaBlocks_equalTheirRegions() throws IOException {
    holds("../README.md");
  }

  @Test
  void testingYourService_markedJavaBlocks_equalTheirRegions() throws IOException {
    holds("../docs/testing-your-service.md");
  }

  private static void holds(String page) throws IOException {
    Path file = MODULE.resolve(page);
    String markdown = Files.exists(file) ? Files.readString(file) : "";
    assertThat(SnippetChecker.check(markdown, SOURCES, TESTS).problems()).isEmpty();
  }
}
