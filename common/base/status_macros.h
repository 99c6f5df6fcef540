#pragma once

#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

// Early return for absl::Status and absl::StatusOr; Abseil 20220623 ships none of its own.

#define DJ_CONCAT_INNER(a, b) a##b
#define DJ_CONCAT(a, b) DJ_CONCAT_INNER(a, b)

// Evaluates `expr`, an absl::Status, and returns it from the enclosing function unless it is OK.
#define RETURN_IF_ERROR(expr)                          \
  do {                                                 \
    if (absl::Status dj_status = (expr); !dj_status.ok()) return dj_status; \
  } while (false)

// Evaluates `expr`, an absl::StatusOr<T>; returns its status, or assigns its value to `lhs` (which may declare).
#define ASSIGN_OR_RETURN(lhs, expr) DJ_ASSIGN_OR_RETURN(DJ_CONCAT(dj_result_, __LINE__), lhs, expr)
#define DJ_ASSIGN_OR_RETURN(result, lhs, expr) \
  auto result = (expr);                        \
  if (!result.ok()) return result.status();    \
  lhs = std::move(result).value()
