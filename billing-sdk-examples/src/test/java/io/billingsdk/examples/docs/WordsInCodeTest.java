package io.billingsdk.examples.docs;

import static org.assertj.core.api.Assertions.assertThat;

import io.billingsdk.testbed.Proof;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * No word of the no-list of docs/style.md stands in the main sources of any module: not in an
 * error, a log line, a help text or a metric's description (all texts in quotes), not in Javadoc or
 * comments, and not in the OpenAPI documents. {@link JavaTextsTest} and {@link DocsChecksTest} show
 * that the parts of this check find what is planted.
 */
class WordsInCodeTest {
  private static final Path ROOT =
      Path.of(System.getProperty("basedir", ".")).toAbsolutePath().resolve("..").normalize();

  private final List<String> problems = new ArrayList<>();
  private int sources;
  private int literals;
  private int javadocs;
  private int comments;
  private int openApiLines;

  @Test
  void mainSources_noWordOfTheNoList() throws IOException {
    String style = Files.readString(ROOT.resolve("docs/style.md"));
    WordCheck words = WordCheck.of(Page.parse("docs/style.md", style));
    for (Map.Entry<String, String> source : SourceTexts.below(ROOT).all().entrySet()) {
      check(source.getKey(), source.getValue(), words);
    }
    Proof.of("words-in-code")
        .with("sources", sources)
        .with("literals", literals)
        .with("javadocs", javadocs)
        .with("comments", comments)
        .with("openapi_lines", openApiLines)
        .with("words_on_the_list", words.size())
        .with("words_used", problems.size())
        .print();
    assertThat(problems).isEmpty();
    assertThat(List.of(sources, literals, javadocs, comments, openApiLines))
        .allMatch(count -> count > 500);
  }

  private void check(String name, String text, WordCheck words) {
    if (name.contains("src/main/java/") && name.endsWith(".java")) {
      JavaTexts texts = JavaTexts.parse(text);
      sources++;
      literals += texts.literals().size();
      javadocs += texts.javadoc().size();
      comments += texts.comments().size();
      problems.addAll(words.problems(name, texts.all().toList()));
    } else if (name.contains("src/main/") && name.endsWith("openapi.yaml")) {
      List<String> lines = text.lines().map(WordsInCodeTest::value).toList();
      openApiLines += lines.size();
      problems.addAll(words.problems(name, lines));
    }
  }

  /** The text after the key of a line, if it has one. */
  private static String value(String line) {
    return line.strip().replaceFirst("^(- )?[\\w\"$]+: *\"?", "");
  }
}
