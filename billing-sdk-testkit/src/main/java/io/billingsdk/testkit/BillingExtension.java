package io.billingsdk.testkit;

import io.billingsdk.BillingClient;
import io.billingsdk.ConnectionState;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolutionException;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Installs a new {@link TestBilling} in {@link io.billingsdk.Billing} for each test, and restores
 * {@code Billing} afterwards.
 *
 * <p>{@link BillingTest} registers it. A test, or a method with {@code @BeforeEach} or
 * {@code @AfterEach}, takes the client as a parameter of the type {@link TestBilling}.
 *
 * <ul>
 *   <li><b>Before a test</b> an installed client is put aside, and neither used nor closed: that of
 *       a Spring context that tests share, or one that another test forgot.
 *   <li><b>After a test</b> the extension installs that client again, unless it was closed. When
 *       the test has closed its client, started another by {@code Billing.start} and forgot to
 *       close that, it is closed here, and the log says so.
 *   <li><b>At the same time</b> only one test can have it in a process. One that comes while
 *       another runs waits, 2 minutes at most, and then fails with the name of the other; with
 *       {@link BillingTest} JUnit does not start it before.
 * </ul>
 *
 * <p>Thread-safe; it holds nothing itself.
 */
public final class BillingExtension
    implements BeforeEachCallback, AfterEachCallback, ParameterResolver {
  /** The name of the resource that tests with this extension share, for {@code @ResourceLock}. */
  public static final String RESOURCE = "io.billingsdk.Billing";

  private static final Logger log = LoggerFactory.getLogger(BillingExtension.class);
  private static final Namespace NAMESPACE = Namespace.create(BillingExtension.class);

  /** Created by JUnit. */
  public BillingExtension() {}

  /** What a test has, and what was there before it. */
  private record Installation(TestBilling client, @Nullable BillingClient before) {}

  @Override
  public void beforeEach(ExtensionContext test) throws InterruptedException {
    ExtensionContext.Store store = test.getStore(NAMESPACE);
    if (store.get(Installation.class) != null) {
      // Registered twice, by an annotation and by a field: the first has done it.
      return;
    }
    FacadeLock.acquire(nameOf(test));
    try {
      TestBilling client = TestBilling.create();
      store.put(Installation.class, new Installation(client, Facade.exchange(client)));
    } catch (RuntimeException | Error failed) {
      // Other tests would wait for this one, each of them to its limit.
      FacadeLock.release();
      throw failed;
    }
  }

  @Override
  public void afterEach(ExtensionContext test) {
    Installation ended = test.getStore(NAMESPACE).remove(Installation.class, Installation.class);
    if (ended == null) {
      return;
    }
    try {
      BillingClient before = ended.before();
      boolean usable = before != null && before.status().state() != ConnectionState.CLOSED;
      BillingClient left = Facade.exchange(usable ? before : null);
      ended.client().close(Duration.ZERO);
      if (left != null && left != ended.client()) {
        closeForgotten(left, test);
      }
    } finally {
      FacadeLock.release();
    }
  }

  private static void closeForgotten(BillingClient left, ExtensionContext test) {
    if (left.status().state() != ConnectionState.CLOSED) {
      log.warn(
          "the test {} has started a billing client and not closed it; it is closed now. End the"
              + " test with Billing.close(timeout)",
          nameOf(test));
      left.close(Duration.ZERO);
    }
  }

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext test) {
    return parameter.getParameter().getType() == TestBilling.class;
  }

  @Override
  public TestBilling resolveParameter(ParameterContext parameter, ExtensionContext test) {
    Installation installed = test.getStore(NAMESPACE).get(Installation.class, Installation.class);
    if (installed == null) {
      throw new ParameterResolutionException(
          "each test gets a TestBilling of its own, and "
              + parameter.getDeclaringExecutable().getName()
              + " runs before that; take it in @BeforeEach or in the test");
    }
    return installed.client();
  }

  private static String nameOf(ExtensionContext test) {
    return test.getRequiredTestClass().getName() + ", " + test.getDisplayName();
  }
}
