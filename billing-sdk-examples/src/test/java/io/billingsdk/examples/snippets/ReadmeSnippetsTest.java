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
  private static final Path SPRING =
      Path.of("../billing-sdk-examples-spring-boot/src/main/java/io/billingsdk/examples/spring");
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

  @Test
  void springBoot_markedJavaBlocks_equalTheirRegions() throws IOException {
    holds("../docs/spring-boot.md", MODULE.resolve(SPRING));
  }

  private static void holds(String page) throws IOException {
    holds(page, SOURCES, TESTS);
  }

  private static void holds(String page, Path... sources) throws IOException {
    Path file = MODULE.resolve(page);
    String markdown = Files.exists(file) ? Files.readString(file) : "";
    assertThat(SnippetChecker.check(markdown, sources).problems()).isEmpty();
  }
}
