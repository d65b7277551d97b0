package io.billingsdk.server.ingest;

import io.billingsdk.server.broker.HeldMessage;
import java.util.function.Function;

/** What waits for its turn in a lane. */
sealed interface Waiting permits Waiting.Unread, Waiting.CountedWaiting, IncomingMessage {
  /** Whose turn it waits for. */
  Sender sender();

  /** How many bytes came. */
  int bytes();

  /** Whether the broker delivers it again until it is acknowledged. */
  boolean repeated();

  /** Whether its sender has left without an answer, and will send it again. */
  boolean isGone();

  /** Says to an instance that it is not taken in for now; false when it would not hear so. */
  boolean refuse();

  /** Settles it; to be run in the end, whatever became of it. */
  Runnable confirmation();

  /** Lets the acknowledgement leave, after the confirmation. */
  void answer();

  /** What it holds. Takes time and memory, so that its turn is waited for. */
  IncomingMessage read();

  /**
   * A message as it came: a few of its bytes may be thousands of events.
   *
   * @param refusable whether its instance knows that a message can be refused
   * @param reader reads it
   */
  record Unread(
      Sender sender,
      HeldMessage message,
      boolean refusable,
      Function<HeldMessage, IncomingMessage> reader)
      implements Waiting {
    @Override
    public int bytes() {
      return message.bytes();
    }

    @Override
    public boolean repeated() {
      return message.isRepeated();
    }

    @Override
    public boolean isGone() {
      return message.isGone();
    }

    @Override
    public boolean refuse() {
      return refusable && message.refuse();
    }

    @Override
    public Runnable confirmation() {
      return message::settle;
    }

    @Override
    public void answer() {
      message.answer();
    }

    @Override
    public IncomingMessage read() {
      return reader.apply(message);
    }
  }

  /**
   * The same, with a notice when it stops waiting.
   *
   * @param left to be run then
   */
  record CountedWaiting(Waiting waiting, Runnable left) implements Waiting {
    @Override
    public Sender sender() {
      return waiting.sender();
    }

    @Override
    public int bytes() {
      return waiting.bytes();
    }

    @Override
    public boolean repeated() {
      return waiting.repeated();
    }

    @Override
    public boolean isGone() {
      return waiting.isGone();
    }

    @Override
    public boolean refuse() {
      return waiting.refuse();
    }

    @Override
    public Runnable confirmation() {
      return () -> {
        left.run();
        waiting.confirmation().run();
      };
    }

    @Override
    public void answer() {
      waiting.answer();
    }

    @Override
    public IncomingMessage read() {
      return waiting.read().thenLeaving(left);
    }
  }
}
