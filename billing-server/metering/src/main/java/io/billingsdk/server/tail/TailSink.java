package io.billingsdk.server.tail;

import java.util.List;

/** Is told what was committed. */
public interface TailSink {
  /** Nobody watches. */
  TailSink NONE =
      new TailSink() {
        @Override
        public boolean isWanted() {
          return false;
        }

        @Override
        public void offer(List<? extends TailItem> items) {}
      };

  /** Whether somebody watches, on any server; if not, nothing need be made to be shown. */
  boolean isWanted();

  /** Takes what was committed. Returns at once, whatever becomes of it. */
  void offer(List<? extends TailItem> items);
}
