package io.billingsdk.server.tail;

import static org.assertj.core.api.Assertions.assertThat;

import io.billingsdk.server.ledger.EventFilter;
import io.billingsdk.server.tail.LiveTail.Subscription;
import io.billingsdk.server.tail.LiveTail.TailFilter;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class SubscriptionTest {
  private static final int ROOM = 1_000;

  private final List<Subscription> ended = new ArrayList<>();
  private final Subscription all = new Subscription(TailFilter.ALL, ended::add);

  private static TailItem item(long seq) {
    return new TailItem.Rejected(Instant.EPOCH, null, seq, null, "TOO_OLD", "d");
  }

  private static void offer(Subscription to, int many) {
    for (int i = 1; i <= many; i++) {
      to.offer(item(i));
    }
  }

  @Test
  void poll_whatWasOffered_comesInItsOrder_andThenNothing() {
    offer(all, 2);
    assertThat(all.poll()).isEqualTo(item(1));
    assertThat(all.poll()).isEqualTo(item(2));
    assertThat(all.poll()).isNull();
  }

  @Test
  void offer_whatTheFilterDoesNotWant_isNeitherShownNorLost() {
    Subscription usageOnly =
        new Subscription(new TailFilter(EventFilter.ALL, true, false), ended::add);
    offer(usageOnly, ROOM + 5);
    assertThat(usageOnly.poll()).isNull();
  }

  @Test
  void offer_beyondTheRoom_isCounted_andSaidAfterWhatCameBefore() {
    offer(all, ROOM + 3);
    for (int i = 1; i <= ROOM; i++) {
      assertThat(all.poll()).isEqualTo(item(i));
    }
    assertThat(all.poll()).isEqualTo(new TailItem.Lost(3));
    assertThat(all.poll()).isNull();
  }

  @Test
  void lost_ofSeveralPlaces_isOneSum() {
    all.offer(new TailItem.Lost(2));
    all.offer(new TailItem.Lost(5));
    assertThat(all.poll()).isEqualTo(new TailItem.Lost(7));
  }

  @Test
  void interrupted_isSaidOnce_asAnUnknownNumber() {
    all.interrupted();
    all.interrupted();
    assertThat(all.poll()).isEqualTo(new TailItem.Lost(0));
    assertThat(all.poll()).isNull();
  }

  @Test
  void onItem_isRunForItemsAndForInterruptions() {
    AtomicInteger runs = new AtomicInteger();
    all.onItem(runs::incrementAndGet);
    all.offer(item(1));
    all.interrupted();
    assertThat(runs).hasValue(2);
  }

  @Test
  void poll_withPatience_givesWhatIsThere_andNullAfterIt() throws InterruptedException {
    all.offer(item(1));
    assertThat(all.poll(Duration.ofMinutes(1))).isEqualTo(item(1));
    assertThat(all.poll(Duration.ofMillis(1))).isNull();
  }

  @Test
  void close_saysWhoEnds() {
    all.close();
    assertThat(ended).containsExactly(all);
  }
}
