package io.billingsdk.server.control;

import static org.assertj.core.api.Assertions.assertThat;

import io.billingsdk.protocol.Hello;
import io.billingsdk.protocol.SeqRange;
import io.billingsdk.server.common.Counts;
import io.billingsdk.server.common.Counts.Family;
import io.billingsdk.server.db.Database;
import io.billingsdk.server.db.DatabaseAddress;
import io.billingsdk.server.ledger.HelloStore;
import java.util.List;
import java.util.UUID;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

final class HelloDeskTest {
  private static final int RANGES = 250;

  private final Counts counts = new Counts();

  /** Not started: as with a database that is away, nothing of what waits is stored. */
  private final HelloDesk desk =
      new HelloDesk(
          new HelloStore(
              Database.unpooled(new DatabaseAddress("jdbc:postgresql://localhost:1/x", "x", "x"))),
          InstanceLeases.NONE,
          counts);

  private static Hello hello(UUID stream, int ranges) {
    List<SeqRange> gone =
        LongStream.rangeClosed(1, ranges).mapToObj(i -> new SeqRange(2 * i, 2 * i)).toList();
    return new Hello(
        "1",
        1,
        stream,
        2L * ranges,
        0,
        /* keysWanted= */ false,
        new Hello.LossEquation(0, 0, 0, 0, 0, 0),
        new Hello.JournalState(/* onDisk= */ true, 0, 0, 0, null),
        List.of(new Hello.Dropped(stream, gone)));
  }

  /** Each alone keeps to its bound; together they would fill the memory of a server. */
  @Test
  void said_byManyInstancesWhileNothingIsStored_takesABoundedRoom() {
    UUID stream = UUID.randomUUID();
    Hello one = hello(stream, RANGES);
    for (int i = 0; i < 5_000; i++) {
      desk.said("instance-" + i, one);
      assertThat(desk.waitingBytes()).isLessThanOrEqualTo(HelloDesk.WAITING_BYTES);
    }
    assertThat(counts.of(Family.HELLOS, "dropped")).isPositive();
  }

  @Test
  void said_againByOneInstance_takesTheRoomOfItsNewest() {
    UUID stream = UUID.randomUUID();
    desk.said("a", hello(stream, 1));
    long one = desk.waitingBytes();
    for (int i = 0; i < 1_000; i++) {
      desk.said("a", hello(stream, 1));
    }
    assertThat(desk.waitingBytes()).isEqualTo(one);
    for (int i = 0; i < 1_000; i++) {
      desk.said("a", hello(UUID.randomUUID(), 1));
    }
    assertThat(desk.waitingBytes()).isEqualTo(HelloDesk.STREAMS * one);
  }
}
