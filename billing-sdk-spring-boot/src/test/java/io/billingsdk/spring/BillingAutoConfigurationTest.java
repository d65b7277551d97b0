package io.billingsdk.spring;

import static org.assertj.core.api.Assertions.assertThat;

import io.billingsdk.Billing;
import io.billingsdk.BillingClient;
import io.billingsdk.BillingConfig;
import io.billingsdk.ConnectionState;
import io.billingsdk.UsageEvent;
import io.billingsdk.grpc.ApiKeyInterceptor;
import io.billingsdk.grpc.DecisionListener;
import io.billingsdk.grpc.Metering;
import io.billingsdk.grpc.MeteringInterceptor;
import io.billingsdk.grpc.UsageExtractor;
import io.billingsdk.micrometer.BillingMetrics;
import io.billingsdk.micrometer.DecisionMetrics;
import io.billingsdk.spring.test.AutoConfigureTestBilling;
import io.billingsdk.testkit.TestBilling;
import io.grpc.MethodDescriptor;
import io.grpc.ServerInterceptor;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.opentelemetry.api.trace.Span;
import java.io.InputStream;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import net.devh.boot.grpc.server.interceptor.GrpcGlobalServerInterceptor;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.contributor.Status;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.grpc.server.GlobalServerInterceptor;

/**
 * Which beans there are, with what is on the class path and in the application. The health of both
 * Boots is on this class path; that of 3 alone runs in the applications of the matrix.
 */
final class BillingAutoConfigurationTest {
  private final ApplicationContextRunner empty =
      new ApplicationContextRunner()
          .withConfiguration(
              AutoConfigurations.of(
                  BillingAutoConfiguration.class,
                  BillingMetricsAutoConfiguration.class,
                  BillingGrpcAutoConfiguration.class,
                  BillingHealthAutoConfiguration.class));

  private final TestBilling standIn = TestBilling.create();
  private final ApplicationContextRunner withClient =
      empty.withBean(BillingClient.class, () -> standIn);

  @Test
  void context_withAClientOfItsOwn_needsNoPropertyAndNoLifecycle() {
    withClient.run(
        context -> {
          assertThat(context).hasNotFailed().doesNotHaveBean(BillingConfig.class);
          assertThat(context).doesNotHaveBean(BillingLifecycle.class);
          assertThat(context.getBean(BillingClient.class)).isSameAs(standIn);
          assertThat(context).hasSingleBean(ApiKeyInterceptor.class);
          assertThat(context).doesNotHaveBean(MeteringInterceptor.class);
          assertThat(context.getBeansOfType(DecisionListener.class)).hasSize(2);
        });
  }

  @Test
  void interceptors_areGlobalToBothServersAndInOrder() {
    withClient
        .withBean(MeteringCustomizer.class, () -> builder -> builder.method(method(), metering()))
        .run(
            context -> {
              assertThat(context.getBeanNamesForAnnotation(GlobalServerInterceptor.class))
                  .containsExactlyInAnyOrder(
                      "billingApiKeyInterceptor", "billingMeteringInterceptor");
              assertThat(context.getBeanNamesForAnnotation(GrpcGlobalServerInterceptor.class))
                  .containsExactlyInAnyOrder(
                      "billingApiKeyInterceptor", "billingMeteringInterceptor");
              assertThat(context.getBeanProvider(ServerInterceptor.class).orderedStream())
                  .hasExactlyElementsOfTypes(ApiKeyInterceptor.class, MeteringInterceptor.class);
            });
  }

  @Test
  void interceptor_ofTheApplication_takesThePlaceOfOurs() {
    ApiKeyInterceptor own = ApiKeyInterceptor.builder().client(standIn).build();
    withClient
        .withBean(ApiKeyInterceptor.class, () -> own)
        .run(context -> assertThat(context.getBean(ApiKeyInterceptor.class)).isSameAs(own));
  }

  @Test
  void context_withoutLibraries_hasWhatIsLeft() {
    withClient
        .withClassLoader(new FilteredClassLoader("io.grpc", "io.micrometer", "io.opentelemetry"))
        .run(
            context -> {
              assertThat(context).hasNotFailed().hasSingleBean(HealthIndicator.class);
              assertThat(context).doesNotHaveBean("billingApiKeyInterceptor");
              assertThat(context).doesNotHaveBean("billingMetrics");
            });
    withClient
        .withClassLoader(new FilteredClassLoader(MeterBinder.class, Span.class))
        .run(
            context -> {
              assertThat(context).hasNotFailed().hasSingleBean(ApiKeyInterceptor.class);
              assertThat(context).doesNotHaveBean(BillingMetrics.class);
              assertThat(context).doesNotHaveBean(DecisionMetrics.class);
            });
  }

  @Test
  void health_withoutABroker_isUpAndSaysWhy() {
    standIn.allow("key", "app-1").startOutage();
    var unused = standIn.report(UsageEvent.of("key", "llm", "small", 1));
    withClient.run(
        context -> {
          var health = Objects.requireNonNull(context.getBean(HealthIndicator.class).health());
          assertThat(health.getStatus()).isEqualTo(Status.UP);
          assertThat(health.getDetails())
              .containsEntry("connection", "DISCONNECTED")
              .containsEntry("pending", 1L)
              .containsKey("problem");
        });
    withClient.run(
        context -> {
          var closed = context.getBean(BillingClient.class).close(Duration.ZERO);
          assertThat(closed.held()).isEqualTo(1);
          assertThat(
                  Objects.requireNonNull(context.getBean(HealthIndicator.class).health())
                      .getStatus())
              .isEqualTo(Status.DOWN);
        });
    withClient
        .withPropertyValues("management.health.billing.enabled=false")
        .run(context -> assertThat(context).doesNotHaveBean("billingHealthIndicator"));
  }

  /** As in an application with Boot 3, where the classes of Boot 4 are missing. */
  @Test
  void health_withBoot3Alone_saysTheSame() {
    ApplicationContextRunner boot3 =
        withClient.withClassLoader(
            new FilteredClassLoader("org.springframework.boot.health.contributor"));
    boot3.run(
        context -> {
          assertThat(context).hasNotFailed().doesNotHaveBean(HealthIndicator.class);
          var indicator =
              context.getBean(org.springframework.boot.actuate.health.HealthIndicator.class);
          assertThat(indicator.health().getStatus().getCode()).isEqualTo("UP");
          assertThat(indicator.health().getDetails()).containsEntry("connection", "CONNECTED");
          var unused = context.getBean(BillingClient.class).close(Duration.ZERO);
          assertThat(indicator.health().getStatus().getCode()).isEqualTo("DOWN");
        });
    boot3
        .withPropertyValues("management.health.billing.enabled=false")
        .run(context -> assertThat(context).doesNotHaveBean("billingHealthIndicator"));
  }

  @Test
  void testBilling_ofATest_takesThePlaceOfTheClient() {
    empty
        .withUserConfiguration(ContextOfATest.class)
        .run(
            context -> {
              assertThat(context).hasNotFailed().hasSingleBean(BillingClient.class);
              assertThat(context.getBean(BillingClient.class)).isInstanceOf(TestBilling.class);
              assertThat(context).doesNotHaveBean(BillingLifecycle.class);
            });
  }

  @Test
  void interceptors_ofGrpcProperties_areBuilt() {
    withClient
        .withBean(MeteringCustomizer.class, () -> builder -> builder.method(method(), metering()))
        .withPropertyValues(
            "billing.grpc.headers=x-api-key",
            "billing.grpc.settle-every=5s",
            "billing.grpc.settle-every-messages=10",
            "billing.grpc.minimum-on-failure=1",
            "billing.grpc.strict=true")
        .run(
            context ->
                assertThat(context)
                    .hasNotFailed()
                    .hasSingleBean(ApiKeyInterceptor.class)
                    .hasSingleBean(MeteringInterceptor.class));
    withClient
        .withPropertyValues("billing.grpc.headers=not a header")
        .run(context -> assertThat(context).hasFailed());
  }

  @Test
  void client_fromProperties_runsAndIsClosedWithTheContext() {
    BillingClient[] started = new BillingClient[1];
    empty
        .withPropertyValues(
            "billing.host=localhost",
            "billing.port=1",
            "billing.journal-in-memory=1MB",
            "billing.startup-wait=0s",
            "billing.close-timeout=10ms")
        .run(
            context -> {
              started[0] = context.getBean(BillingClient.class);
              assertThat(context.getBean(BillingConfig.class).journalInMemory()).contains(1L << 20);
              assertThat(context.getBean(BillingLifecycle.class).isRunning()).isTrue();
              assertThat(Billing.client()).contains(started[0]);
            });
    assertThat(started[0].status().state()).isEqualTo(ConnectionState.CLOSED);
  }

  @Test
  void context_withoutAHost_failsWithWhatToDo() {
    empty.run(
        context -> {
          assertThat(context).hasFailed();
          Throwable root = context.getStartupFailure();
          var analysis = new BillingPropertiesFailureAnalyzer().analyze(root);
          assertThat(analysis.getDescription()).contains("host is required");
          assertThat(analysis.getAction()).contains("BILLING_HOST");
        });
  }

  @AutoConfigureTestBilling
  static class ContextOfATest {}

  private static Metering<Object, Object> metering() {
    return Metering.of("llm", "small", UsageExtractor.lastResponse(response -> 1));
  }

  private static MethodDescriptor<Object, Object> method() {
    MethodDescriptor.Marshaller<Object> none =
        new MethodDescriptor.Marshaller<>() {
          @Override
          public InputStream stream(Object value) {
            return InputStream.nullInputStream();
          }

          @Override
          public Object parse(InputStream stream) {
            return List.of();
          }
        };
    return MethodDescriptor.newBuilder(none, none)
        .setType(MethodDescriptor.MethodType.UNARY)
        .setFullMethodName("test.Desk/Ask")
        .build();
  }
}
