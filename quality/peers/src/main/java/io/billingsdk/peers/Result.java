package io.billingsdk.peers;

import io.billingsdk.testbed.Proof;

/**
 * What became of the events of one library in one kind of trouble.
 *
 * @param accepted calls that returned as if the event were taken
 * @param refused calls that said that it was not
 * @param lost accepted, and never at the sink
 * @param repeated came again
 * @param doubled came again, and looked like new ones
 */
record Result(
    Library library,
    String row,
    int accepted,
    int refused,
    int lost,
    int repeated,
    int doubled,
    Closing close) {

  /**
   * How it closed.
   *
   * @param ended whether the process ended by itself within the time of grace
   */
  record Closing(long closeMillis, boolean ended) {
    static final Closing NONE = new Closing(0, true);
  }

  void print(Proof proof) {
    proof
        .with("row", row)
        .with("library", library.printed())
        .with("accepted", accepted)
        .with("refused", refused)
        .with("lost", lost)
        .with("repeated", repeated)
        .with("doubled", doubled)
        .with("close_ms", close.closeMillis())
        .with("ended_by_itself", close.ended())
        .print();
  }
}
