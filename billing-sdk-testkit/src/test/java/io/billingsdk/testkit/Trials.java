package io.billingsdk.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.billingsdk.Billing;
import io.billingsdk.BillingClient;
import io.billingsdk.BillingConfig;
import io.billingsdk.testbed.Pace;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Test classes of an imagined service, which {@link BillingExtensionTest} runs. */
final class Trials {
  /** How many tests use {@code Billing} at the moment, and how many did at most. */
  static final AtomicInteger running = new AtomicInteger();

  static final AtomicInteger most = new AtomicInteger();
  static final AtomicReference<@Nullable BillingClient> forgotten = new AtomicReference<>();

  private Trials() {}

  /** Reports by {@code Billing}, and finds its own events alone. */
  private static void use(TestBilling billing, String name) {
    most.accumulateAndGet(running.incrementAndGet(), Math::max);
    try {
      billing.allow("sk-" + name, name);
      for (int i = 1; i <= 20; i++) {
        assertThat(Billing.reportUsage("sk-" + name, "llm", name, i).accepted()).isTrue();
        Pace.pause(Duration.ofNanos(20_000));
      }
      assertThat(Billing.client()).containsSame(billing);
      assertThat(billing).hasEvents(20).hasUsage("llm", 210).event(0).isBy(name).isOf("llm", name);
    } finally {
      running.decrementAndGet();
    }
  }

  @BillingTest
  static final class First {
    @RepeatedTest(20)
    void use_inParallel_hasItsOwn(TestBilling billing) {
      use(billing, "first");
    }
  }

  @BillingTest
  static final class Second {
    @RepeatedTest(20)
    void use_inParallel_hasItsOwn(TestBilling billing) {
      use(billing, "second");
    }
  }

  /** Without a lock that JUnit knows of. */
  @ExtendWith(BillingExtension.class)
  static final class Third {
    @RepeatedTest(20)
    void use_inParallel_hasItsOwn(TestBilling billing) {
      use(billing, "third");
    }
  }

  @ExtendWith(BillingExtension.class)
  @TestInstance(TestInstance.Lifecycle.PER_CLASS)
  static final class Fourth {
    @RepeatedTest(20)
    void use_inParallel_hasItsOwn(TestBilling billing) {
      use(billing, "fourth");
    }
  }

  @BillingTest
  static final class WithNested {
    private @Nullable TestBilling given;

    @BeforeEach
    void allow(TestBilling billing) {
      given = billing.allow("sk-ada", "ada");
    }

    @Test
    void outer_test_hasOne(TestBilling billing) {
      assertThat(billing).isSameAs(given);
      use(billing, "outer");
    }

    @Nested
    final class Inner {
      @BeforeEach
      void report() {
        Billing.reportUsage("sk-ada", "llm", "inner", 1);
      }

      @Test
      void inner_test_hasThatOfTheOuterClass(TestBilling billing) {
        assertThat(billing).isSameAs(given);
        assertThat(billing).singleEvent().isBy("ada").isOf("llm", "inner");
      }

      @Nested
      final class Innermost {
        @Test
        void innermost_test_hasItToo(TestBilling billing) {
          assertThat(billing).isSameAs(given);
          assertThat(billing).singleEvent().isBy("ada");
        }
      }
    }
  }

  @BillingTest
  static final class Twice {
    @RegisterExtension final BillingExtension again = new BillingExtension();

    @Test
    void registeredTwice_installsOnce() {
      assertThat(Billing.client()).containsInstanceOf(TestBilling.class);
    }
  }

  @BillingTest
  static final class Forgetting {
    @Test
    void start_withoutClose_isLeftBehind() {
      Billing.close(Duration.ZERO);
      forgotten.set(
          Billing.start(
              BillingConfig.builder().host("broker.invalid").journalInMemory(1 << 20).build()));
    }
  }

  @BillingTest
  static final class Failing {
    @Test
    void test_fails() {
      throw new AssertionError("on purpose");
    }
  }

  @BillingTest
  static final class NotSetUp {
    @BeforeEach
    void setUp() {
      assertThat(Billing.client()).as("fails on purpose").isEmpty();
    }

    @Test
    void test_isNotReached() {}
  }

  @BillingTest
  static final class TooEarly {
    @BeforeAll
    static void setUp(TestBilling billing) {
      billing.allow("sk-ada", "ada");
    }

    @Test
    void test_isNotReached() {}
  }
}
