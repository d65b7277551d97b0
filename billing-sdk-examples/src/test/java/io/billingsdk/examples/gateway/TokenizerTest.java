package io.billingsdk.examples.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class TokenizerTest {
  @Test
  void tokens_sentence_wordsPiecesAndPunctuation() {
    assertThat(texts("Hi, tokenization rocks!"))
        .containsExactly("Hi", ",", "tokeni", "zation", "rocks", "!");
  }

  @Test
  void tokens_numbers_piecesOfThreeDigits() {
    assertThat(texts("1042 99.90")).containsExactly("104", "2", "99", ".", "90");
  }

  @Test
  void tokens_ideographs_oneEach() {
    assertThat(texts("東京です")).containsExactly("東", "京", "です");
  }

  @Test
  void tokens_emoji_oneAlthoughTwoChars() {
    assertThat(texts("ok🙂!")).containsExactly("ok", "🙂", "!");
  }

  @Test
  void tokens_combiningAccent_staysInWord() {
    assertThat(texts("e\u0301tude")).containsExactly("e\u0301tude");
  }

  @Test
  void count_blankText_zero() {
    assertThat(Tokenizer.count("")).isZero();
    assertThat(Tokenizer.count(" \t\n\u00a0\u3000\u0000")).isZero();
  }

  @Test
  void tokens_anyText_coverEverythingButSpaceInOrder() {
    Random random = new Random(1);
    for (int run = 0; run < 500; run++) {
      String text = randomText(random);
      int end = 0;
      for (Tokenizer.Token token : Tokenizer.tokens(text)) {
        assertThat(token.start()).isGreaterThanOrEqualTo(end).isLessThan(token.end());
        assertThat(Tokenizer.count(text.substring(end, token.start()))).isZero();
        end = token.end();
      }
      assertThat(Tokenizer.count(text.substring(end))).isZero();
    }
  }

  @Test
  void tokens_textCutAtEndOfToken_givesTheTokensUpToThere() {
    Random random = new Random(2);
    for (int run = 0; run < 200; run++) {
      String text = randomText(random);
      List<Tokenizer.Token> tokens = Tokenizer.tokens(text);
      for (int i = 0; i < tokens.size(); i++) {
        assertThat(Tokenizer.tokens(text.substring(0, tokens.get(i).end())))
            .isEqualTo(tokens.subList(0, i + 1));
      }
    }
  }

  private static List<String> texts(String text) {
    return Tokenizer.tokens(text).stream().map(t -> text.substring(t.start(), t.end())).toList();
  }

  /** With lone surrogates, as a careless caller cuts them. */
  private static String randomText(Random random) {
    String alphabet = "ab cd\n12.,!?東ñ\u0301🙂\ud83d\u0000";
    StringBuilder text = new StringBuilder();
    int length = random.nextInt(40);
    for (int i = 0; i < length; i++) {
      text.append(alphabet.charAt(random.nextInt(alphabet.length())));
    }
    return text.toString();
  }
}
