package io.billingsdk.examples.docs;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** The texts of a source are found, and nothing else of it. */
class JavaTextsTest {

  @Test
  void parse_literals_joinsThoseOfOneText() {
    String source =
        """
        throw new IOException(
            "cannot read "
                + file
                + ", which is "
                + "no \\"file\\" at all", failed);
        log.info("of before"); char quote = '"'; String none = "word";
        call(" one", " two");
        """;
    assertThat(JavaTexts.parse(source).literals())
        .containsExactly("cannot read …, which is no \"file\" at all", "of before", " one", " two");
  }

  @Test
  void parse_textBlock_isOneLiteral() {
    String source = "String s = \"\"\"\n    one \"two\"\n    three\n    \"\"\";";
    assertThat(JavaTexts.parse(source).literals()).containsExactly(" one \"two\" three ");
  }

  @Test
  void parse_comments_areApartFromJavadocAndLiterals() {
    String source =
        """
        // First line,
        // second line.
        String address = "https://example.org/ a";

        /* Of before. */
        /**
         * Reads {@code what is} there.
         *
         * <p>Second one.
         *
         * @param name what is read
         * @return the text
         */
        """;
    JavaTexts texts = JavaTexts.parse(source);
    assertThat(texts.comments())
        .map(String::strip)
        .containsExactly("First line, second line.", "Of before.");
    assertThat(texts.javadoc())
        .containsExactly("Reads ` there.", "Second one.", "what is read", "the text");
    assertThat(texts.literals()).containsExactly("https://example.org/ a");
    assertThat(texts.all()).hasSize(7);
  }
}
