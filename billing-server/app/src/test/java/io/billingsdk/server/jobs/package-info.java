@NullMarked
package io.billingsdk.server.jobs;

import org.jspecify.annotations.NullMarked;
