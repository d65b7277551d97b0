package io.billingsdk.testbed;

import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * The limit of the quick lane: a test class without a tag that takes longer than two seconds, or as
 * {@code quick.lane.limit.ms} says, fails. JUnit finds it by itself, where the build asks for that:
 * {@code ./mvnw -Pquick verify}.
 *
 * <p>Nested classes count with the one around them. On a machine with more to do than cores the
 * limit grows by as much: otherwise a busy machine would fail tests that are as quick as ever.
 */
public final class QuickLaneLimit implements BeforeAllCallback, AfterAllCallback {
  private static final long LIMIT_MILLIS = Long.getLong("quick.lane.limit.ms", 2_000);

  /** What all classes share is loaded with the first one of a JVM. */
  private static final long FIRST_MILLIS = 1_000;

  private static final AtomicBoolean FIRST = new AtomicBoolean(true);

  private static final ExtensionContext.Namespace OURS =
      ExtensionContext.Namespace.create(QuickLaneLimit.class);

  private static final String BEGUN = "begun";

  /** Made by JUnit. */
  public QuickLaneLimit() {}

  @Override
  public void beforeAll(ExtensionContext context) {
    if (isOutermost(context)) {
      context.getStore(OURS).put(BEGUN, System.nanoTime());
    }
  }

  @Override
  public void afterAll(ExtensionContext context) {
    Long begun = context.getStore(OURS).get(BEGUN, Long.class);
    if (begun == null || !isOutermost(context) || !context.getTags().isEmpty()) {
      return;
    }
    long allowed = LIMIT_MILLIS + (FIRST.getAndSet(false) ? FIRST_MILLIS : 0);
    check(
        context.getRequiredTestClass(),
        allowed,
        Duration.ofNanos(System.nanoTime() - begun),
        ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage()
            / Runtime.getRuntime().availableProcessors());
  }

  /**
   * Checks a class.
   *
   * @param allowed milliseconds on a machine with as many cores as there is to do
   * @param load of the machine for each core: what waits for a core as long again may take twice
   */
  static void check(Class<?> test, long allowed, Duration took, double load) {
    long limit = Math.round(allowed * Math.max(1, load));
    if (took.toMillis() > limit) {
      throw new AssertionError(
          "%s took %d ms, and a test class without a tag may take %d under this load: make it"
                  .formatted(test.getName(), took.toMillis(), limit)
              + " faster, or give it a tag of what makes it slow (CONTRIBUTING.md)");
    }
  }

  private static boolean isOutermost(ExtensionContext context) {
    return context.getRequiredTestClass().getEnclosingClass() == null;
  }
}
