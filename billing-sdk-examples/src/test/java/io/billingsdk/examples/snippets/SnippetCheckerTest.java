package io.billingsdk.examples.snippets;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SnippetCheckerTest {
  private static final String SOURCE =
      """
      class A {
        void a() {
          // region one
          int a = 1;
          if (a == 1) {
            a++;
          }
          // endregion
        }
      }
      """;

  @TempDir Path sources = Path.of("");

  @BeforeEach
  void writeSource() throws IOException {
    Files.writeString(sources.resolve("A.java"), SOURCE);
  }

  @Test
  void check_equalButForIndentation_noProblem() throws IOException {
    SnippetChecker.Findings findings =
        check("A.java#one", "int a = 1;\nif (a == 1) {\n  a++;\n}\n");
    assertThat(findings).isEqualTo(new SnippetChecker.Findings(1, List.of()));
  }

  @Test
  void check_oneLineDiffers_problemShowsBoth() throws IOException {
    assertThat(check("A.java#one", "int a = 2;\nif (a == 1) {\n  a++;\n}\n").problems())
        .singleElement()
        .asString()
        .contains("int a = 1;", "int a = 2;");
  }

  @Test
  void check_innerIndentationDiffers_isAProblem() throws IOException {
    assertThat(check("A.java#one", "int a = 1;\nif (a == 1) {\na++;\n}\n").problems()).hasSize(1);
  }

  @Test
  void check_unknownFileOrRegion_isAProblem() throws IOException {
    assertThat(check("B.java#one", "int a;\n").problems()).containsExactly("B.java: no such file");
    assertThat(check("A.java#two", "int a;\n").problems()).containsExactly("A.java: no region two");
  }

  @Test
  void check_markerWithoutBlock_isAProblem() throws IOException {
    assertThat(SnippetChecker.check("<!-- snippet: A.java#one -->\n\ntext", sources).problems())
        .hasSize(1);
  }

  @Test
  void check_blockWithoutMarker_isLeftAlone() throws IOException {
    assertThat(SnippetChecker.check("```java\nint b;\n```\n", sources))
        .isEqualTo(new SnippetChecker.Findings(0, List.of()));
  }

  @Test
  void updated_changedBlock_isItsRegionAndOtherTextStays() throws IOException {
    String page =
        "# T\n<!-- snippet: A.java#one -->\n```java\nint a;\n```\ntext\n```java\nb\n```\n";
    String updated = SnippetChecker.updated(page, sources);
    assertThat(SnippetChecker.check(updated, sources).problems()).isEmpty();
    assertThat(updated).startsWith("# T\n").endsWith("```\ntext\n```java\nb\n```\n");
    assertThat(SnippetChecker.updated(updated, sources)).isEqualTo(updated);
  }

  private SnippetChecker.Findings check(String snippet, String block) throws IOException {
    return SnippetChecker.check(
        "# Title\n<!-- snippet: " + snippet + " -->\n```java\n" + block + "```\n", sources);
  }
}
