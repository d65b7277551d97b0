package io.billingsdk.server.payments;

import static org.assertj.core.api.Assertions.assertThat;

import io.billingsdk.server.entitlements.CustomerBlocks;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Reminders on their days, each once; the block when the grace is over, and its end. */
@Tag("postgres")
class DunningTest {
  @TempDir Path directory;

  private PaymentWorld world;

  @BeforeEach
  void start() {
    world = new PaymentWorld(directory);
  }

  @AfterEach
  void stop() {
    world.close();
  }

  private List<String> sent(String number) {
    return world.database.read(
        handle ->
            handle
                .createQuery(
                    """
                    SELECT payload->>'step' FROM outbox_event
                    WHERE payload->>'number' = :number AND payload->>'step' IS NOT NULL
                    ORDER BY position
                    """)
                .bind("number", number)
                .mapTo(String.class)
                .list());
  }

  private void day(String customer, String zone, String day) {
    Instant noon = LocalDate.parse(day).atTime(12, 0).atZone(ZoneId.of(zone)).toInstant();
    world.move(customer, noon);
  }

  private List<CustomerBlocks.CustomerBlock> blocks(String customer) {
    return new CustomerBlocks(world.database, PaymentWorld.TESTER).of(customer);
  }

  @Test
  void reminders_comeOnTheirDays_once_thenTheKeysAreBlocked_andReleasedOnPayment() {
    world.customer("c", "Asia/Tokyo");
    world.invoice("c", "s-000001", "70", "0");
    for (String day :
        List.of(
            "2026-12-11", "2026-12-12", "2026-12-13", "2026-12-15", "2026-12-18", "2026-12-19")) {
      day("c", "Asia/Tokyo", day);
    }
    assertThat(sent("s-000001")).containsExactly("before", "due", "first");
    day("c", "Asia/Tokyo", "2026-12-29");
    assertThat(blocks("c")).isEmpty();
    day("c", "Asia/Tokyo", "2026-12-30");
    day("c", "Asia/Tokyo", "2026-12-31");
    assertThat(sent("s-000001")).containsExactly("before", "due", "first", "second", "past_due");
    assertThat(blocks("c"))
        .singleElement()
        .satisfies(each -> assertThat(each.reason()).isEqualTo("invoice s-000001 is overdue"));
    world.pay("c", "69.99");
    assertThat(blocks("c")).hasSize(1);
    world.pay("c", "0.01");
    assertThat(blocks("c")).isEmpty();
  }

  @Test
  void creditNoteOfAnOverdueInvoice_endsTheBlock_andAGoodwillRefundBeginsNone() {
    world.customer("c", "UTC");
    world.invoice("c", "s-000001", "70", "0");
    day("c", "UTC", "2027-01-10");
    assertThat(blocks("c")).hasSize(1);
    world.creditNote("c", "s-000002", "70", "0", "s-000001");
    assertThat(blocks("c")).isEmpty();
    world.invoice("c", "s-000003", "50", "0");
    Payment payment = world.pay("c", "50");
    day("c", "UTC", "2027-03-01");
    world.payments().refund(payment.id(), PaymentWorld.usd("10"), "kindness", false);
    day("c", "UTC", "2027-03-02");
    assertThat(blocks("c")).isEmpty();
    assertThat(world.owed("s-000003").dueOn()).hasToString("2027-03-15");
  }

  @Test
  void payment_thatIsTakenBack_afterTheGrace_blocksAgain() {
    world.customer("c", "UTC");
    world.invoice("c", "s-000001", "70", "0");
    Payment payment = world.pay("c", "70");
    day("c", "UTC", "2027-02-01");
    assertThat(sent("s-000001")).isEmpty();
    world.payments().refund(payment.id(), PaymentWorld.usd("70"), "returned by the bank", true);
    day("c", "UTC", "2027-02-02");
    assertThat(sent("s-000001")).containsExactly("past_due");
    assertThat(blocks("c")).hasSize(1);
  }
}
