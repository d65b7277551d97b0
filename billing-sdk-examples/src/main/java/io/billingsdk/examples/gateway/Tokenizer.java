package io.billingsdk.examples.gateway;

import java.util.ArrayList;
import java.util.List;

/**
 * Cuts text into tokens, in the manner of the tokenizers of language models but without a learned
 * vocabulary:
 *
 * <ul>
 *   <li>white space and control characters separate, and are not tokens;
 *   <li>a run of letters is cut from the left into pieces of up to {@value #LETTERS};
 *   <li>a run of digits is cut from the left into pieces of up to {@value #DIGITS};
 *   <li>an ideograph, and everything else (punctuation, symbols, emoji), is a token of its own.
 * </ul>
 *
 * <p>The same text always gives the same tokens, and text cut at the end of a token gives the
 * tokens up to there. Characters outside of the basic plane count as one.
 */
final class Tokenizer {
  private static final int LETTERS = 6;
  private static final int DIGITS = 3;

  private Tokenizer() {}

  /** The place of a token in its text; {@code end} is exclusive. */
  record Token(int start, int end) {}

  private enum Kind {
    SPACE,
    LETTER,
    DIGIT,
    SINGLE
  }

  static List<Token> tokens(String text) {
    List<Token> tokens = new ArrayList<>();
    int at = 0;
    while (at < text.length()) {
      Kind kind = kind(text.codePointAt(at));
      int end = endOfPiece(text, at, kind);
      if (kind != Kind.SPACE) {
        tokens.add(new Token(at, end));
      }
      at = end;
    }
    return tokens;
  }

  static int count(String text) {
    return tokens(text).size();
  }

  private static int endOfPiece(String text, int start, Kind kind) {
    int longest = longest(kind);
    int end = start;
    for (int taken = 0; taken < longest && end < text.length(); taken++) {
      int codePoint = text.codePointAt(end);
      if (kind(codePoint) != kind) {
        break;
      }
      end += Character.charCount(codePoint);
    }
    return end;
  }

  private static int longest(Kind kind) {
    return switch (kind) {
      case SPACE -> Integer.MAX_VALUE;
      case LETTER -> LETTERS;
      case DIGIT -> DIGITS;
      case SINGLE -> 1;
    };
  }

  private static Kind kind(int codePoint) {
    if (Character.isWhitespace(codePoint)
        || Character.isSpaceChar(codePoint)
        || Character.isISOControl(codePoint)) {
      return Kind.SPACE;
    }
    if (Character.isDigit(codePoint)) {
      return Kind.DIGIT;
    }
    if (Character.isIdeographic(codePoint)) {
      return Kind.SINGLE;
    }
    return Character.isLetter(codePoint) || Character.getType(codePoint) == NON_SPACING
        ? Kind.LETTER
        : Kind.SINGLE;
  }

  /** An accent written after its letter belongs to the word. */
  private static final int NON_SPACING = Character.NON_SPACING_MARK;
}
