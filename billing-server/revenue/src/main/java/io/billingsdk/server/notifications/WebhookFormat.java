package io.billingsdk.server.notifications;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.billingsdk.server.common.RequestRefusedException;
import java.util.Arrays;
import java.util.Locale;

/** What an endpoint is sent. */
enum WebhookFormat {
  /** The notice with its fields, as Standard Webhooks has it. */
  STANDARD,
  /** A text for people, as Slack and others take it: {@code {"text":"…"}}. */
  SLACK;

  static final int CHARS = 16;

  String text() {
    return name().toLowerCase(Locale.ROOT);
  }

  static WebhookFormat of(String text) {
    return valueOf(text.toUpperCase(Locale.ROOT));
  }

  /**
   * The one of a request.
   *
   * @throws RequestRefusedException when there is none of this name
   */
  static WebhookFormat require(String text) {
    return Arrays.stream(values())
        .filter(each -> each.text().equals(text))
        .findFirst()
        .orElseThrow(() -> RequestRefusedException.invalid("format", "standard or slack"));
  }

  /** The body of a notice. */
  byte[] body(Notice notice) {
    return (this == SLACK ? slack(notice) : standard(notice)).getBytes(UTF_8);
  }

  private static String standard(Notice notice) {
    return "{\"type\":\"%s\",\"timestamp\":\"%s\",\"data\":%s}"
        .formatted(notice.kind().text(), notice.happenedAt(), notice.data());
  }

  private static String slack(Notice notice) {
    MailPage page = MailTexts.of("en").page(notice, notice.customer(), null);
    // Otherwise a name could call everybody, or look like a link.
    String text =
        (page.title() + "\n" + page.text())
            .replace("&", "&amp;")
            .replace("<", "&lt;")
            .replace(">", "&gt;");
    return JsonNodeFactory.instance.objectNode().put("text", text).toString();
  }
}
