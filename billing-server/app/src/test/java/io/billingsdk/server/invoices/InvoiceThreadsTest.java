package io.billingsdk.server.invoices;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.billingsdk.server.invoices.InvoiceRun.Progress;
import io.billingsdk.server.invoices.Issuer.IssueOutcome;
import io.billingsdk.server.invoices.SpanRows.DueSpan;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class InvoiceThreadsTest {
  private static final IssueOutcome BILLED = new IssueOutcome.Billed(1, 0);

  private static DueSpan span(String customer, int number) {
    Instant at = Instant.EPOCH.plusSeconds(number);
    return new DueSpan(new UUID(1, number), number, customer, at, /* isTest= */ false, at, at);
  }

  private static List<DueSpan> spans(int customers, int each) {
    List<DueSpan> spans = new ArrayList<>();
    for (int number = 1; number <= each; number++) {
      for (int customer = 0; customer < customers; customer++) {
        spans.add(span("c" + customer, number));
      }
    }
    return spans;
  }

  @Test
  void bill_ofSeveralCustomers_countsAll_andKeepsTheOrderOfEach() throws Exception {
    Map<String, List<Integer>> order = new ConcurrentHashMap<>();
    try (InvoiceThreads threads = new InvoiceThreads(4)) {
      Progress progress =
          threads.bill(
              spans(10, 5),
              each -> {
                order
                    .computeIfAbsent(each.customer(), none -> new ArrayList<>())
                    .add(each.number());
                return BILLED;
              },
              new Progress(7, 0, 0, 0, 2));
      assertThat(progress).isEqualTo(new Progress(57, 0, 0, 0, 2));
    }
    assertThat(order).hasSize(10);
    assertThat(order.values()).allSatisfy(each -> assertThat(each).containsExactly(1, 2, 3, 4, 5));
  }

  /** Each waits for the others: one thread alone would wait for ever. */
  @Test
  void bill_ofFourCustomers_isAtWorkOnAllOfThem() throws Exception {
    CyclicBarrier together = new CyclicBarrier(4);
    try (InvoiceThreads threads = new InvoiceThreads(4)) {
      Progress progress =
          threads.bill(
              spans(4, 1),
              each -> {
                try {
                  together.await(30, TimeUnit.SECONDS);
                } catch (Exception alone) {
                  return new IssueOutcome.Failed("alone");
                }
                return BILLED;
              },
              Progress.NONE);
      assertThat(progress).isEqualTo(new Progress(4, 0, 0, 0, 0));
    }
  }

  @Test
  void bill_withAFault_throwsIt() {
    try (InvoiceThreads threads = new InvoiceThreads(2)) {
      assertThatThrownBy(
              () ->
                  threads.bill(
                      spans(2, 1),
                      each -> {
                        throw new IllegalArgumentException("away");
                      },
                      Progress.NONE))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("away");
    }
  }
}
