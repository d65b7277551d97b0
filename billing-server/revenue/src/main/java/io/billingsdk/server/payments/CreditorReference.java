package io.billingsdk.server.payments;

import io.billingsdk.server.customers.Mod97;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A reference that a payer repeats, {@code RF} and two check digits before 1 to 21 characters, as
 * ISO 11649 has it. Immutable.
 */
record CreditorReference(String text) {
  private static final int MOST = 21;
  private static final Pattern FORM = Pattern.compile("RF[0-9]{2}[A-Z0-9]{1,21}");

  /** Within other words; banks break it into groups of four. */
  private static final Pattern WITHIN =
      Pattern.compile("(?<![A-Z0-9])RF ?[0-9]{2}(?: ?[A-Z0-9]){1,21}");

  static boolean isValid(String text) {
    String plain = plain(text);
    return FORM.matcher(plain).matches() && Mod97.isRight(plain);
  }

  /** That of an invoice, made of its number; empty if the number is too long. */
  static Optional<CreditorReference> ofNumber(String number) {
    String rest = number.toUpperCase(Locale.ROOT).replaceAll("[^A-Z0-9]", "");
    return rest.isEmpty() || rest.length() > MOST ? Optional.empty() : Optional.of(of(rest));
  }

  /** That of a position in the order of issue. */
  static CreditorReference ofPosition(long position) {
    return of(Long.toString(position));
  }

  private static CreditorReference of(String rest) {
    return new CreditorReference("RF" + Mod97.digits("RF", rest) + rest);
  }

  /** All that stand in a text, each once: the longest beginning whose check digits are right. */
  static List<String> in(String text) {
    List<String> found = new ArrayList<>();
    Matcher matcher = WITHIN.matcher(text.toUpperCase(Locale.ROOT));
    for (int from = 0; matcher.find(from); from = matcher.start() + 2) {
      String plain = plain(matcher.group());
      for (int end = plain.length(); end > 4; end--) {
        String begin = plain.substring(0, end);
        if (Mod97.isRight(begin) && !found.contains(begin)) {
          found.add(begin);
        }
      }
    }
    return found;
  }

  private static String plain(String text) {
    return text.replace(" ", "").toUpperCase(Locale.ROOT);
  }
}
