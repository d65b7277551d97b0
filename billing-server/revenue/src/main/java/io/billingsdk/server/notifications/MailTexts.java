package io.billingsdk.server.notifications;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.billingsdk.server.common.ShownText;
import io.billingsdk.server.notifications.MailPage.Fact;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The words of mails, in English and Chinese. Foreign texts in them are shown as {@link ShownText}
 * shows them: nothing in them ends a line, so no field of an event becomes a header. Immutable.
 */
final class MailTexts {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Pattern PLACE = Pattern.compile("\\{([a-zA-Z0-9]+)}");
  private static final String ENGLISH = "en";
  private static final String CHINESE = "zh-CN";
  private static final Map<String, MailTexts> ALL =
      Map.of(ENGLISH, read(ENGLISH, "mail_en"), CHINESE, read(CHINESE, "mail_zh_CN"));

  private final String language;
  private final Properties texts;

  private MailTexts(String language, Properties texts) {
    this.language = language;
    this.texts = texts;
  }

  private static MailTexts read(String language, String file) {
    Properties texts = new Properties();
    try (Reader reader =
        new InputStreamReader(
            Objects.requireNonNull(MailTexts.class.getResourceAsStream(file + ".properties"), file),
            StandardCharsets.UTF_8)) {
      texts.load(reader);
    } catch (IOException broken) {
      throw new UncheckedIOException("the texts of mails are not whole: " + file, broken);
    }
    return new MailTexts(language, texts);
  }

  /** Those nearest to a tag of a language; English for any other. */
  static MailTexts of(String tag) {
    String known = Locale.forLanguageTag(tag).getLanguage().equals("zh") ? CHINESE : ENGLISH;
    return Objects.requireNonNull(ALL.get(known));
  }

  /**
   * What a mail says of a notice.
   *
   * @param unsubscribe the link that ends such mails; null for none
   */
  MailPage page(Notice notice, String customerName, @Nullable String unsubscribe) {
    JsonNode data = tree(notice.data());
    return new MailPage(
        language,
        filled(text(notice.kind().text() + ".subject"), data, customerName),
        filled(text(notice.kind().text() + ".text"), data, customerName),
        facts(notice, data, customerName),
        text("footer"),
        unsubscribe,
        text("unsubscribe"));
  }

  /** The page at the end of the link of a mail. */
  MailPage unsubscribePage(String title, String text, @Nullable String action) {
    return new MailPage(
        language, text(title), text(text), List.of(), "", action, text("unsubscribe"));
  }

  /** A text that must be there. */
  String text(String name) {
    return Objects.requireNonNull(texts.getProperty(name), name);
  }

  private List<Fact> facts(Notice notice, JsonNode data, String customerName) {
    List<Fact> facts = new ArrayList<>();
    if (!customerName.isEmpty()) {
      facts.add(new Fact(text("field.customerId"), ShownText.of(customerName)));
    }
    for (String each : notice.kind().fields()) {
      if (data.has(each)) {
        facts.add(new Fact(text("field." + each), shown(data.get(each))));
      }
    }
    facts.add(new Fact(text("field.happenedAt"), notice.happenedAt().toString()));
    return facts;
  }

  /** The fields of a notice that have one value. */
  static Map<String, String> fields(Notice notice) {
    Map<String, String> fields = new LinkedHashMap<>();
    tree(notice.data())
        .properties()
        .forEach(
            each -> {
              if (each.getValue().isValueNode()) {
                fields.put(each.getKey(), each.getValue().asText());
              }
            });
    return fields;
  }

  private static String filled(String text, JsonNode data, String customerName) {
    Matcher places = PLACE.matcher(text);
    StringBuilder filled = new StringBuilder();
    while (places.find()) {
      String name = places.group(1);
      String value = name.equals("customer") ? ShownText.of(customerName) : shown(data.path(name));
      places.appendReplacement(filled, Matcher.quoteReplacement(value));
    }
    return places.appendTail(filled).toString();
  }

  private static String shown(JsonNode value) {
    if (!value.isArray()) {
      return ShownText.of(value.asText(""));
    }
    List<String> items = new ArrayList<>();
    value.forEach(each -> items.add(ShownText.of(each.asText(""))));
    return String.join(", ", items);
  }

  private static JsonNode tree(String json) {
    try {
      return JSON.readTree(json);
    } catch (JsonProcessingException malformed) {
      throw new IllegalStateException("a notice is not JSON", malformed);
    }
  }
}
