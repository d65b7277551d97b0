package io.billingsdk.server.notifications;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Each kind has its words in both languages, and its mail in both forms. */
class MailTextsTest {
  @Test
  void kinds_all_areWrittenInBothLanguages() {
    for (NoticeKind kind : NoticeKind.values()) {
      for (String language : List.of("en", "zh-CN")) {
        MailTexts texts = MailTexts.of(language);
        kind.fields().forEach(each -> assertThat(texts.text("field." + each)).isNotBlank());
        Notice notice = new Notice(UUID.randomUUID(), kind, "acme", "{}", Instant.EPOCH);
        MailPage page = texts.page(notice, "Acme", "https://x/?token=1");
        assertThat(page.title()).isNotBlank().doesNotContain("{");
        assertThat(page.text()).isNotBlank().doesNotContain("{");
        assertThat(MailWriter.html("mail", page)).contains("<html lang=\"" + language + "\">");
      }
    }
  }

  @Test
  void language_thatIsNotThere_isEnglish() {
    assertThat(MailTexts.of("de-AT")).isSameAs(MailTexts.of("en"));
    assertThat(MailTexts.of("zh-Hant-TW")).isSameAs(MailTexts.of("zh-CN"));
  }
}
