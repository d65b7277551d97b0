package io.billingsdk.matrix;

import io.billingsdk.grpc.Metering;
import io.billingsdk.grpc.UsageExtractor;
import io.billingsdk.matrix.desk.DeskGrpc;
import io.billingsdk.matrix.desk.Request;
import io.billingsdk.matrix.desk.Response;
import io.billingsdk.spring.MeteringCustomizer;
import net.devh.boot.grpc.server.service.GrpcService;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.context.annotation.Bean;

/** A service as an application of Spring Boot: nothing of billing but what is metered, and how. */
@SpringBootApplication
class DeskApplication {

  /** Settings come from the environment, as in a container. */
  public static void main(String[] arguments) {
    SpringApplication.run(DeskApplication.class, arguments);
  }

  /** The annotation is for net.devh; spring-grpc takes every bean that is a service. */
  @Bean
  @GrpcService
  DeskService deskService() {
    return new DeskService();
  }

  @Bean
  MeteringCustomizer metering() {
    Metering<Request, Response> tokens =
        Metering.<Request, Response>of(
                "llm", "unknown", UsageExtractor.lastResponse(Response::getTokens))
            .modelFrom(Request::getModel);
    return metering -> metering.method(DeskGrpc.getAskMethod(), tokens);
  }
}
