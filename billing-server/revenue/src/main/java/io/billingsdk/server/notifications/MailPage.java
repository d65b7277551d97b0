package io.billingsdk.server.notifications;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the templates of a mail lay out. Public, since the compiled templates are in packages of
 * their own. Immutable.
 *
 * @param language the tag of its language, such as {@code zh-CN}
 * @param title the subject, without characters that end a line
 * @param text one sentence or two
 * @param facts names and values, in their order
 * @param footer why the reader receives it
 * @param unsubscribe where the reader ends mails of this kind; null for a mandatory kind
 * @param unsubscribeText the words for that
 */
public record MailPage(
    String language,
    String title,
    String text,
    List<Fact> facts,
    String footer,
    @Nullable String unsubscribe,
    String unsubscribeText) {
  /** Copies the list. */
  public MailPage {
    facts = List.copyOf(facts);
  }

  /** A name and a value, as the reader sees them. */
  public record Fact(String name, String value) {}
}
