/**
 * For engineers of Spring Boot services: the billing client, its interceptors for gRPC servers, its
 * health and its metrics as beans.
 *
 * <p>It is configured by the properties {@code billing.*}. Each bean of it steps back for one of
 * the application's own. See {@code docs/spring-boot.md}.
 */
@NullMarked
package io.billingsdk.spring;

import org.jspecify.annotations.NullMarked;
