package io.billingsdk.internal.client;

import io.billingsdk.BillingListener.DeadLetter;
import io.billingsdk.ClientStatus.ProblemKind;
import io.billingsdk.internal.delivery.DeliveryObserver;
import java.util.UUID;

/** Passes on what the delivery tells: to the status, the count of what is set aside, listeners. */
final class DeliveryNews implements DeliveryObserver {
  private final StatusBoard board;
  private final SetAside setAside;
  private final Listeners listeners;

  DeliveryNews(StatusBoard board, SetAside setAside, Listeners listeners) {
    this.board = board;
    this.setAside = setAside;
    this.listeners = listeners;
  }

  @Override
  public void holding(ProblemKind kind, String why) {
    board.hindered(kind, why);
  }

  @Override
  public void delivering() {
    board.unhindered();
  }

  @Override
  public void deadLettered(UUID stream, long seq, String why) {
    setAside.event(stream, seq, why);
    listeners.tell(listener -> listener.eventDeadLettered(DeadLetter.of(stream, seq, why)));
  }

  @Override
  public void settled(int delivered, int refused, String why) {
    setAside.settled(delivered, refused, why);
  }

  @Override
  public void deferred(long events, String code) {
    setAside.deferred(events, code);
  }
}
