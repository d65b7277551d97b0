package io.billingsdk.server.control;

import io.billingsdk.protocol.Hello;
import io.billingsdk.server.ledger.HelloStore.SignOfLife;
import io.billingsdk.server.ledger.Streams.LossEquation;

/** Messages with signs of life as the ledger keeps them. */
final class SignsOfLife {
  private SignsOfLife() {}

  static SignOfLife of(Hello hello) {
    return new SignOfLife(
        hello.stream(),
        hello.version(),
        hello.sentAtMillis(),
        hello.lastSeq(),
        hello.keysVersion(),
        loss(hello.loss()),
        hello.journal().bytes(),
        hello.journal().quarantined(),
        hello.dropped().stream().map(SignsOfLife::dropped).toList(),
        hello.secret());
  }

  private static LossEquation loss(Hello.LossEquation said) {
    return new LossEquation(
        said.accepted(),
        said.delivered(),
        said.pending(),
        said.deadLettered(),
        said.dropped(),
        said.rejected());
  }

  private static SignOfLife.Dropped dropped(Hello.Dropped said) {
    return new SignOfLife.Dropped(said.stream(), said.ranges(), said.secret());
  }
}
