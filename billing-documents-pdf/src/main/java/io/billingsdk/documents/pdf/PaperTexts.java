package io.billingsdk.documents.pdf;

import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Properties;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The fixed texts of documents in a language, those of a template before the standard ones.
 *
 * @param own of a template
 */
record PaperTexts(PaperLanguage language, Map<String, String> own) {
  private static final Map<PaperLanguage, Map<String, String>> STANDARD = standard();

  private static Map<PaperLanguage, Map<String, String>> standard() {
    Map<PaperLanguage, Map<String, String>> all = new TreeMap<>();
    for (PaperLanguage language : PaperLanguage.values()) {
      all.put(language, load(language));
    }
    return Collections.unmodifiableMap(all);
  }

  private static Map<String, String> load(PaperLanguage language) {
    String name = "texts_" + language.tag() + ".properties";
    Properties properties = new Properties();
    try (Reader reader =
        new InputStreamReader(
            Objects.requireNonNull(PaperTexts.class.getResourceAsStream(name), name),
            StandardCharsets.UTF_8)) {
      properties.load(reader);
    } catch (IOException broken) {
      throw new UncheckedIOException(broken);
    }
    Map<String, String> texts = new TreeMap<>();
    properties.stringPropertyNames().forEach(key -> texts.put(key, properties.getProperty(key)));
    return texts;
  }

  static boolean isKey(String key) {
    return Objects.requireNonNull(STANDARD.get(PaperLanguage.EN)).containsKey(key);
  }

  /** All keys, for messages. */
  static String keys() {
    return String.join(
        ", ", new TreeSet<>(Objects.requireNonNull(STANDARD.get(PaperLanguage.EN)).keySet()));
  }

  String get(String key) {
    return find(key).orElseThrow(() -> new IllegalStateException("no text for " + key));
  }

  /** Empty when no text has the key. */
  Optional<String> find(String key) {
    String text = own.get(key);
    return text == null
        ? Optional.ofNullable(Objects.requireNonNull(STANDARD.get(language)).get(key))
        : Optional.of(text);
  }
}
