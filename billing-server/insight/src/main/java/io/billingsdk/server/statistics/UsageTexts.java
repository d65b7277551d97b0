package io.billingsdk.server.statistics;

import io.billingsdk.server.http.Request;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.text.DecimalFormat;
import java.text.DecimalFormatSymbols;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.TreeMap;

/**
 * The words of the page and of papers, in a language. A name of a profile of somebody's own has no
 * words here: it is shown as the profile has it. Immutable.
 */
enum UsageTexts {
  /** English. */
  EN("en"),
  /** Simplified Chinese. */
  ZH_CN("zh-CN");

  /** The parameter that chooses a language. */
  static final String PARAMETER = "lang";

  private final String tag;

  @SuppressWarnings("ImmutableEnumChecker") // It is of Map.copyOf.
  private final Map<String, String> texts;

  UsageTexts(String tag) {
    this.tag = tag;
    this.texts = Map.copyOf(read("usage_" + tag + ".properties"));
  }

  private static Map<String, String> read(String name) {
    Properties properties = new Properties();
    try (InputStream file = UsageTexts.class.getResourceAsStream(name)) {
      properties.load(
          new InputStreamReader(Objects.requireNonNull(file, name), StandardCharsets.UTF_8));
    } catch (IOException broken) {
      throw new UncheckedIOException(broken);
    }
    Map<String, String> texts = new TreeMap<>();
    properties.stringPropertyNames().forEach(key -> texts.put(key, properties.getProperty(key)));
    return texts;
  }

  /** By the parameter; without it by what the browser prefers. */
  static UsageTexts of(Request request) {
    String asked =
        request
            .parameter(PARAMETER)
            .or(() -> HolderRequest.header(request, "Accept-Language"))
            .map(text -> text.split("[,;]", 2)[0].strip())
            .orElse("en");
    return Locale.forLanguageTag(asked).getLanguage().equals("zh") ? ZH_CN : EN;
  }

  /** The BCP 47 tag. */
  String tag() {
    return tag;
  }

  /** The one that a page offers instead. */
  UsageTexts other() {
    return this == EN ? ZH_CN : EN;
  }

  /** All of them. */
  Map<String, String> all() {
    return texts;
  }

  /** A text of the page. */
  String get(String key) {
    return Objects.requireNonNull(texts.get(key), key);
  }

  /**
   * The words for a name of a profile.
   *
   * @param kind such as {@code figure}
   */
  String named(String kind, String name) {
    return texts.getOrDefault(kind + "." + name, name.replace('_', ' '));
  }

  /** All digits, by threes. Both languages write numbers in the same way. */
  static String number(BigDecimal number) {
    return new DecimalFormat(
            "#,##0.##################", DecimalFormatSymbols.getInstance(Locale.ROOT))
        .format(number);
  }
}
