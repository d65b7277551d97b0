package io.billingsdk.peers;

import com.posthog.server.PostHog;
import com.posthog.server.PostHogCaptureOptions;
import com.posthog.server.PostHogConfig;
import com.posthog.server.PostHogInterface;

/** PostHog's posthog-server: a queue of 1,000 in memory, batches of up to 50 by one thread. */
final class PostHogReporter implements Reporter {
  private final PostHogInterface posthog;

  PostHogReporter(Target target) {
    posthog = PostHog.with(PostHogConfig.builder("api-key").host(target.url()).build());
  }

  @Override
  public boolean report(String id) {
    posthog.capture(
        Sample.KEY,
        "usage",
        PostHogCaptureOptions.builder().properties(Sample.properties(id)).build());
    return true;
  }

  @Override
  public void close() {
    posthog.flush();
    posthog.close();
  }
}
