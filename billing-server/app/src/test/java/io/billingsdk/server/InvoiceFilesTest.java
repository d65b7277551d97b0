package io.billingsdk.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.billingsdk.server.db.Database;
import io.billingsdk.server.http.HttpTestbed;
import io.billingsdk.server.notifications.MailAttachments.MailFile;
import io.billingsdk.server.notifications.MailAttachments.MailSubject;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which stored PDF goes with which mail. */
@Tag("postgres")
class InvoiceFilesTest {
  private static final String STORED =
      """
      INSERT INTO notice_document (number, kind, customer_id, facts, bytes, sha256, renderer)
      SELECT number, kind, 'acme', '{}', kind::bytea, encode(sha256(kind::bytea), 'hex'), 'r'
      FROM (VALUES ('s+EU-000001', 'reminder-first'), ('s+EU-000001', 'reminder-past_due'),
        ('pay_1', 'receipt')) AS made (number, kind)
      """;

  @TempDir Path directory;

  @Test
  void mail_ofAReminderOrAPayment_hasItsPdf_andOthersHaveNone() throws Exception {
    try (HttpTestbed http = new HttpTestbed(directory);
        Database database = http.world().database()) {
      http.world().execute(STORED);
      InvoiceFiles files = new InvoiceFiles(database);
      Map<String, String> invoice = Map.of("number", "s+EU-000001", "step", "first");
      assertThat(named(files, "invoice.reminder", invoice))
          .containsExactly("s_EU-000001-reminder-first.pdf: reminder-first");
      assertThat(
              named(files, "invoice.past_due", Map.of("number", "s+EU-000001", "step", "past_due")))
          .containsExactly("s_EU-000001-reminder-past_due.pdf: reminder-past_due");
      assertThat(named(files, "payment.received", Map.of("paymentId", "pay_1")))
          .containsExactly("receipt-pay_1.pdf: receipt");
      assertThat(named(files, "payment.received", Map.of("paymentId", "pay_2"))).isEmpty();
      assertThat(named(files, "payment.refunded", Map.of("paymentId", "pay_1"))).isEmpty();
      assertThat(named(files, "invoice.issued", invoice)).isEmpty();
    }
  }

  private static List<String> named(InvoiceFiles files, String kind, Map<String, String> fields) {
    return files.of(new MailSubject(kind, "acme", fields), "en").stream()
        .map(InvoiceFilesTest::shown)
        .toList();
  }

  private static String shown(MailFile file) {
    return file.name() + ": " + new String(file.bytes(), StandardCharsets.UTF_8);
  }
}
