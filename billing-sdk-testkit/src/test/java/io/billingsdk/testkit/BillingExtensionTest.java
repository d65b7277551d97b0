package io.billingsdk.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import io.billingsdk.Billing;
import io.billingsdk.BillingClient;
import io.billingsdk.ConnectionState;
import io.billingsdk.testbed.LogCapture;
import io.billingsdk.testbed.Proof;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.platform.engine.discovery.ClassSelector;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.junit.platform.launcher.listeners.SummaryGeneratingListener;
import org.junit.platform.launcher.listeners.TestExecutionSummary;

/** Runs the {@link Trials} as a build runs the tests of a service. */
class BillingExtensionTest {

  @AfterEach
  void noClient() {
    Billing.close(Duration.ZERO);
  }

  @Test
  void parallelClasses_withAndWithoutTheAnnotation_eachHaveTheirOwn() {
    Trials.most.set(0);
    TestExecutionSummary run =
        run(
            /* parallel= */ true,
            Trials.First.class,
            Trials.Second.class,
            Trials.Third.class,
            Trials.Fourth.class);
    allSucceed(run, 80);
    assertThat(Trials.most).hasValue(1);
    assertThat(Billing.client()).isEmpty();
    Proof.of("testkit-parallel")
        .with("classes", 4)
        .with("tests", run.getTestsSucceededCount())
        .with("at_once", Trials.most.get())
        .print();
  }

  @Test
  void nestedClasses_haveWhatTheOuterClassHas() {
    allSucceed(run(/* parallel= */ true, Trials.WithNested.class), 3);
    allSucceed(run(/* parallel= */ false, Trials.WithNested.class), 3);
  }

  @Test
  void registeredTwice_installsAndRemovesOnce() {
    allSucceed(run(/* parallel= */ false, Trials.Twice.class, Trials.First.class), 21);
    assertThat(Billing.client()).isEmpty();
  }

  @Test
  void testThatForgetsToClose_isClosedAndNamedAndHindersNoOther() {
    try (LogCapture log = LogCapture.start()) {
      allSucceed(run(/* parallel= */ false, Trials.Forgetting.class, Trials.First.class), 21);
      assertThat(log.text())
          .contains("Trials$Forgetting, start_withoutClose_isLeftBehind")
          .contains("has started a billing client and not closed it");
    }
    BillingClient left = Objects.requireNonNull(Trials.forgotten.getAndSet(null));
    assertThat(left.status().state()).isEqualTo(ConnectionState.CLOSED);
    assertThat(Billing.client()).isEmpty();
  }

  @Test
  void clientOfAnother_isThereAgainAfterwardsAndWasNotUsed() {
    TestBilling shared = TestBilling.create();
    Billing.install(shared);
    allSucceed(run(/* parallel= */ false, Trials.First.class, Trials.WithNested.class), 23);
    assertThat(Billing.client()).containsSame(shared);
    assertThat(shared).hasNoEvents().hasNoRejections();
    assertThat(shared.status().state()).isEqualTo(ConnectionState.CONNECTED);
  }

  @Test
  void clientOfAnother_thatWasClosed_isGoneAfterwards() {
    TestBilling closed = TestBilling.create();
    Billing.install(closed);
    closed.close();
    allSucceed(run(/* parallel= */ false, Trials.First.class), 20);
    assertThat(Billing.client()).isEmpty();
  }

  @Test
  void testOrSetUpThatFails_leavesNothingBehind() {
    TestExecutionSummary failed =
        run(/* parallel= */ false, Trials.Failing.class, Trials.NotSetUp.class);
    assertThat(failed.getTestsFailedCount()).isEqualTo(2);
    assertThat(Billing.client()).isEmpty();
    allSucceed(run(/* parallel= */ false, Trials.First.class), 20);
  }

  @Test
  void parameter_beforeAll_failsAndSaysWhereToTakeIt() {
    TestExecutionSummary failed = run(/* parallel= */ false, Trials.TooEarly.class);
    assertThat(failed.getFailures())
        .singleElement()
        .satisfies(
            failure ->
                assertThat(failure.getException())
                    .hasMessageContaining("setUp runs before that; take it in @BeforeEach"));
  }

  private static void allSucceed(TestExecutionSummary run, int tests) {
    assertThat(run.getFailures()).extracting(failure -> failure.getException()).isEmpty();
    assertThat(run.getTestsSucceededCount()).isEqualTo(tests);
  }

  private static TestExecutionSummary run(boolean parallel, Class<?>... classes) {
    List<ClassSelector> selected = Arrays.stream(classes).map(each -> selectClass(each)).toList();
    SummaryGeneratingListener summary = new SummaryGeneratingListener();
    LauncherFactory.create()
        .execute(
            LauncherDiscoveryRequestBuilder.request()
                .selectors(selected)
                .configurationParameter(
                    "junit.jupiter.execution.parallel.enabled", Boolean.toString(parallel))
                .configurationParameter(
                    "junit.jupiter.execution.parallel.mode.default", "concurrent")
                .configurationParameter("junit.jupiter.execution.parallel.config.strategy", "fixed")
                .configurationParameter(
                    "junit.jupiter.execution.parallel.config.fixed.parallelism", "4")
                .build(),
            summary);
    return summary.getSummary();
  }
}
