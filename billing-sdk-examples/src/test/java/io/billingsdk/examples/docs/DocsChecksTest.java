package io.billingsdk.examples.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Each check of the pages finds what is planted, and nothing in a page that is right. */
class DocsChecksTest {
  private static final String TARGET = "# Target\n\n## Who may connect?\n\n## Keys\n\n## Keys\n";

  @TempDir Path root = Path.of("");

  @BeforeEach
  void writeRepository() throws IOException {
    Files.createDirectories(root.resolve("docs"));
    Files.createDirectories(root.resolve("part/src"));
    Files.writeString(root.resolve("docs/target.md"), TARGET);
    Files.writeString(
        root.resolve("pom.xml"), "<id>quick</id><artifactId>part-one</artifactId><name>\n");
    Files.writeString(
        root.resolve("part/src/SomeTest.java"), "class SomeTest { String s = \"some.size\"; }");
  }

  @Test
  void links_toFilesAndHeadingsThatAreThere_noProblem() throws IOException {
    String page = "[a](target.md) [b](target.md#who-may-connect) [c](target.md#keys-1) [d](#own)";
    assertThat(links(page + " [e](https://example.org/x#y)\n\n# Own\n")).isEmpty();
  }

  @Test
  void links_planted_areFound() throws IOException {
    assertThat(links("[a](missing.md)\n")).singleElement().asString().contains("no such file");
    assertThat(links("[a](target.md#nowhere)\n"))
        .singleElement()
        .asString()
        .contains("no such heading");
    assertThat(links("![a](images/missing.svg)\n")).hasSize(1);
    assertThat(links("[a](#nowhere)\n")).hasSize(1);
  }

  @Test
  void links_ofSources_areFollowed() throws IOException {
    LinkCheck check = new LinkCheck(root);
    check.followNames("A.java", "// see docs/target.md#keys, docs/target.md and docs/gone.md");
    assertThat(check.checked()).isEqualTo(3);
    assertThat(check.problems()).singleElement().asString().contains("A.java: docs/gone.md");
  }

  @Test
  void commands_thatCanBeGiven_noProblem() throws IOException {
    String page =
        """
        ```
        ./billing keys create --app acme --model 'gpt-4*'   # a comment
        $ ./billing usage --last 5d --by app,model
        billing audit list --last 7d --csv > changes.csv
        ./mvnw -q -Pquick -pl part-one -am verify -Dtest=SomeTest#method -Dsome.size=1
        ```
        Run `./billing demo --help`.
        """;
    assertThat(commands(page)).isEmpty();
  }

  @Test
  void commands_planted_areFound() throws IOException {
    for (String wrong :
        List.of(
            "./billing keys make --app acme",
            "./billing keys create --application acme",
            "./mvnw -Pquack verify",
            "./mvnw verfy",
            "./mvnw verify -pl part-two",
            "./mvnw test -Dtest=GoneTest",
            "./mvnw test -Dgone.size=1",
            "scripts/gone --list")) {
      assertThat(commands("```\n" + wrong + "\n```\n")).as(wrong).hasSize(1);
      assertThat(commands("Run `" + wrong + "` now.\n")).as(wrong).hasSize(1);
    }
  }

  @Test
  void words_planted_areFound() {
    WordCheck check =
        WordCheck.of(
            Page.parse(
                "s", "```no-list\n\\bwhoever\\b\n(^|[.;:,] )else\\b\n(^|[.:] )what is\\b\n```\n"));
    assertThat(check.size()).isEqualTo(3);
    assertThat(words(check, "Whoever reads `else x` and somebody else.\n")).hasSize(1);
    assertThat(words(check, "A bound; else none.\n| **What is stored** | x |\n")).hasSize(2);
    assertThat(words(check, "Nobody knows what is stored.\n```\nwhoever\n```\n")).isEmpty();
  }

  @Test
  void words_plantedInCode_areFound() {
    WordCheck check = WordCheck.of(Page.parse("s", "```no-list\n\\bwhoever\\b\n```\n"));
    String source =
        """
        /** Reads it for %s asks. */
        // Not for %s.
        String text = "refused: " + name + " is for %s has it";
        """;
    assertThat(check.problems("A.java", words(source.replace("%s", "whoever")))).hasSize(3);
    assertThat(check.problems("A.java", words(source.replace("%s", "him who")))).isEmpty();
    assertThat(check.problems("A.java", words("int whoever = 1; /** {@code whoever} */")))
        .isEmpty();
  }

  private static List<String> words(String source) {
    return JavaTexts.parse(source).all().toList();
  }

  @Test
  void translation_inStep_noProblem() {
    assertThat(
            behind(
                "# A\n\n## B\n\n[x](y.md)\n\n```\nrun\n```\n",
                "# 甲\n\n## 乙\n\n[某](y.md)\n\n```\nrun\n```\n"))
        .isEmpty();
  }

  @Test
  void translation_planted_isFound() {
    assertThat(behind("# A\n\n## B\n", "# 甲\n")).hasSize(1);
    assertThat(behind("# A\n\n## B\n", "# 甲\n\n### 乙\n")).hasSize(1);
    assertThat(behind("```\nrun --one\n```\n", "```\nrun --two\n```\n")).hasSize(1);
    assertThat(behind("[a](b.md)\n", "无\n")).hasSize(1);
    assertThat(behind("| a | b |\n| c | d |\n", "| 甲 | 乙 |\n")).hasSize(1);
  }

  private List<String> links(String markdown) throws IOException {
    LinkCheck check = new LinkCheck(root);
    Files.writeString(root.resolve("docs/page.md"), markdown);
    check.follow(Page.parse("docs/page.md", markdown));
    return check.problems();
  }

  private List<String> commands(String markdown) throws IOException {
    CommandCheck check = new CommandCheck(root, SourceTexts.below(root));
    check.check(Page.parse("page", markdown));
    assertThat(check.checked()).isPositive();
    return check.problems();
  }

  private static List<String> words(WordCheck check, String markdown) {
    return check.problems("page", Page.parse("page", markdown).prose());
  }

  private static List<String> behind(String original, String translated) {
    return StepCheck.problems(Page.parse("a", original), Page.parse("b", translated));
  }
}
