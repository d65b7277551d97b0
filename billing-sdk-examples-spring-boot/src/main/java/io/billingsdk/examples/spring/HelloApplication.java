package io.billingsdk.examples.spring;

import io.billingsdk.examples.spring.hello.HelloGrpc;
import io.billingsdk.examples.spring.hello.HelloRequest;
import io.billingsdk.examples.spring.hello.HelloResponse;
import io.billingsdk.grpc.Metering;
import io.billingsdk.grpc.UsageExtractor;
import io.billingsdk.spring.MeteringCustomizer;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.context.annotation.Bean;

/** A gRPC service of Spring Boot whose calls need a key, and are charged by tokens. */
@SpringBootApplication
class HelloApplication {

  /** Starts it. */
  public static void main(String[] arguments) {
    SpringApplication.run(HelloApplication.class, arguments);
  }

  // region metering
  @Bean
  MeteringCustomizer metering() {
    Metering<HelloRequest, HelloResponse> tokens =
        Metering.<HelloRequest, HelloResponse>of(
                "llm", "hello-1", UsageExtractor.lastResponse(HelloResponse::getTokens))
            .modelFrom(HelloRequest::getModel);
    return metering -> metering.method(HelloGrpc.getCompleteMethod(), tokens);
  }
  // endregion
}
