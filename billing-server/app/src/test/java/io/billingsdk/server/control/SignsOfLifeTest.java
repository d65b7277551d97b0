package io.billingsdk.server.control;

import static org.assertj.core.api.Assertions.assertThat;

import io.billingsdk.protocol.Hello;
import io.billingsdk.protocol.SeqRange;
import io.billingsdk.protocol.StreamSecret;
import io.billingsdk.server.ledger.HelloStore.SignOfLife;
import io.billingsdk.server.ledger.Streams.LossEquation;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class SignsOfLifeTest {
  private static final UUID NOW = new UUID(1, 1);
  private static final UUID BEFORE = new UUID(2, 2);

  /** Each figure another one, so that none can stand in another's place. */
  @Test
  void of_aHelloWithEverything_keepsEachFigure() {
    StreamSecret secret = StreamSecret.of(new byte[] {1}, NOW);
    StreamSecret older = StreamSecret.of(new byte[] {1}, BEFORE);
    Hello hello =
        new Hello(
            "1.2.3",
            101,
            NOW,
            102,
            103,
            /* keysWanted= */ true,
            new Hello.LossEquation(1, 2, 3, 4, 5, 6),
            new Hello.JournalState(/* onDisk= */ true, 201, 202, 203, 204L),
            List.of(new Hello.Dropped(BEFORE, List.of(new SeqRange(7, 8)), older)),
            secret);
    assertThat(SignsOfLife.of(hello))
        .isEqualTo(
            new SignOfLife(
                NOW,
                "1.2.3",
                101,
                102,
                103,
                new LossEquation(1, 2, 3, 4, 5, 6),
                201,
                203,
                List.of(new SignOfLife.Dropped(BEFORE, List.of(new SeqRange(7, 8)), older)),
                secret));
  }
}
