/**
 * For engineers of Spring Boot services: the billing client, its interceptors for gRPC servers, its
 * health and its metrics as beans.
 *
 * <p>It is configured by the properties {@code billing.*}. A bean of the application replaces the
 * one of the same type here. See {@code docs/spring-boot.md}.
 */
@NullMarked
package io.billingsdk.spring;

import org.jspecify.annotations.NullMarked;
