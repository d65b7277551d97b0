package io.billingsdk.recipes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.StringValue;
import com.linecorp.armeria.server.Server;
import io.billingsdk.grpc.BillingContext;
import io.billingsdk.testbed.Proof;
import io.billingsdk.testkit.BillingTest;
import io.billingsdk.testkit.TestBilling;
import io.grpc.BindableService;
import io.grpc.CallOptions;
import io.grpc.ClientInterceptors;
import io.grpc.ManagedChannel;
import io.grpc.ManagedChannelBuilder;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.ServerServiceDefinition;
import io.grpc.protobuf.ProtoUtils;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.MetadataUtils;
import io.grpc.stub.ServerCalls;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The recipe for Armeria in a started server, called by another gRPC client. */
@BillingTest
@Timeout(60)
final class ArmeriaRecipeTest {
  private static final Metadata.Key<String> KEY =
      Metadata.Key.of("x-api-key", Metadata.ASCII_STRING_MARSHALLER);

  private static final MethodDescriptor<StringValue, StringValue> COMPLETE =
      MethodDescriptor.<StringValue, StringValue>newBuilder()
          .setType(MethodDescriptor.MethodType.UNARY)
          .setFullMethodName(MethodDescriptor.generateFullMethodName("test.Llm", "Complete"))
          .setRequestMarshaller(ProtoUtils.marshaller(StringValue.getDefaultInstance()))
          .setResponseMarshaller(ProtoUtils.marshaller(StringValue.getDefaultInstance()))
          .build();

  private final Server server = ArmeriaRecipe.serving(0, llm());
  private final ManagedChannel channel = start();

  private ManagedChannel start() {
    server.start().join();
    return ManagedChannelBuilder.forAddress("localhost", server.activeLocalPort())
        .usePlaintext()
        .build();
  }

  @AfterEach
  void stop() {
    channel.shutdownNow();
    server.stop().join();
  }

  @Test
  void call_withAKey_isAnsweredAndCharged(TestBilling billing) {
    billing.allow("sk-ada", "ada").allow("sk-bob", "bob");
    assertThat(complete("sk-ada")).isEqualTo("ada");
    assertThat(complete("sk-bob")).isEqualTo("bob");
    assertThat(billing.awaitEvents(2, Duration.ofSeconds(10))).isTrue();
    assertThat(billing.events())
        .extracting(each -> billing.appOf(each.apiKey()).orElseThrow())
        .containsExactly("ada", "bob");
    assertThatThrownBy(() -> complete("sk-unknown")).hasMessageContaining("UNAUTHENTICATED");
    assertThat(billing.events()).hasSize(2);
    Proof.of("armeria")
        .with("calls", 3)
        .with("allowed", 2)
        .with("denied", 1)
        .with("events", 2)
        .print();
  }

  private String complete(String key) {
    Metadata headers = new Metadata();
    headers.put(KEY, key);
    return ClientCalls.blockingUnaryCall(
            ClientInterceptors.intercept(
                channel, MetadataUtils.newAttachHeadersInterceptor(headers)),
            COMPLETE,
            CallOptions.DEFAULT.withDeadlineAfter(20, TimeUnit.SECONDS),
            StringValue.of("hello"))
        .getValue();
  }

  /** Answers with the app of its caller, and charges it. */
  private static BindableService llm() {
    return () ->
        ServerServiceDefinition.builder("test.Llm")
            .addMethod(
                COMPLETE,
                ServerCalls.asyncUnaryCall(
                    (request, call) -> {
                      String app = BillingContext.caller().orElseThrow().appId();
                      var unused = BillingContext.reportUsage("llm", "hello-1", 2);
                      call.onNext(StringValue.of(app));
                      call.onCompleted();
                    }))
            .build();
  }
}
