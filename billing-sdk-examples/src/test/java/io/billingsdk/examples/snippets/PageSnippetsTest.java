package io.billingsdk.examples.snippets;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * The README, its translation and the pages in docs/ show code that was compiled. With {@code
 * -Dsnippets=write} the test first copies the regions of the examples into the pages.
 */
class PageSnippetsTest {
  private static final Path ROOT = Path.of(System.getProperty("basedir", "."), "..").normalize();
  private static final Path MODULE = Path.of(System.getProperty("basedir", "."));
  private static final String SNIPPETS = "java/io/billingsdk/examples/snippets";
  private static final Path SOURCES = MODULE.resolve("src/main").resolve(SNIPPETS);
  private static final Path TESTS = MODULE.resolve("src/test").resolve(SNIPPETS);
  private static final Path SPRING =
      ROOT.resolve("billing-sdk-examples-spring-boot/src/main/java/io/billingsdk/examples/spring");
  private static final Path RECIPES =
      ROOT.resolve("quality/recipe-tests/src/test/java/io/billingsdk/recipes");

  @Test
  void pages_markedJavaBlocks_equalTheirRegions() throws IOException {
    List<String> problems = new ArrayList<>();
    int checked = 0;
    for (Path page : pages()) {
      String markdown = Files.readString(page);
      if (System.getProperty("snippets", "").equals("write")) {
        markdown = SnippetChecker.updated(markdown, SOURCES, TESTS, SPRING, RECIPES);
        Files.writeString(page, markdown);
      }
      SnippetChecker.Findings findings =
          SnippetChecker.check(markdown, SOURCES, TESTS, SPRING, RECIPES);
      findings.problems().forEach(each -> problems.add(page.getFileName() + ": " + each));
      checked += findings.checked();
    }
    assertThat(problems).isEmpty();
    assertThat(checked).as("marked blocks").isGreaterThanOrEqualTo(10);
  }

  private static List<Path> pages() throws IOException {
    try (Stream<Path> root = Files.list(ROOT);
        Stream<Path> docs = Files.walk(ROOT.resolve("docs"))) {
      return Stream.concat(root, docs).filter(each -> each.toString().endsWith(".md")).toList();
    }
  }
}
