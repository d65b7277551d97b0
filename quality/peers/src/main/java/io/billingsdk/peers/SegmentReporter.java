package io.billingsdk.peers;

import com.segment.analytics.Analytics;
import com.segment.analytics.messages.TrackMessage;

/** Segment's analytics-java: a queue in memory, batches of up to 250 by one thread. */
final class SegmentReporter implements Reporter {
  private final Analytics analytics;

  SegmentReporter(Target target) {
    analytics = Analytics.builder("write-key").endpoint(target.url()).build();
  }

  @Override
  public boolean report(String id) {
    analytics.enqueue(
        TrackMessage.builder("usage").userId(Sample.KEY).properties(Sample.properties(id)));
    return true;
  }

  @Override
  public void close() {
    analytics.flush();
    analytics.shutdown();
  }
}
